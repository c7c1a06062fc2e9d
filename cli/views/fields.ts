import { paint, type Style } from '../render/style.ts';
import { wrap } from '../render/wrap.ts';

export type Field = readonly [name: string, value: string | undefined];

const GAP = 2;

/** Names and values, one a line, in two columns; what has no value is left out. Ends with a line break. */
export function fields(style: Style, entries: readonly Field[]): string {
  const shown = entries.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown
    .map(([name, value = '']) => {
      const text = wrap(style, value.trimEnd(), width + GAP);
      return `${paint(style, 'dim', name.padEnd(width + GAP))}${text}\n`;
    })
    .join('');
}
