import Table from 'cli-table3';
import { paint, type Style } from './style.ts';
import { widthOf } from './width.ts';

export interface Column {
  readonly title: string;
  /** It gets narrower, and its words go on in the next line, when the window is too small. */
  readonly isFlexible?: boolean;
  readonly isNumber?: boolean;
}

const GAP = 2;
const MIN_FLEXIBLE = 14;
const SIDES = ['top', 'bottom', 'left', 'right', 'mid'] as const;
const NO_FRAME = Object.fromEntries(
  ['middle', ...SIDES, ...SIDES.flatMap((side) => [`${side}-mid`, `${side}-left`, `${side}-right`])].map(
    (name) => [name, ''],
  ),
);

/** Rows under headings, without frames; ends with a line break. What is too wide goes on in the next line. */
export function table(
  style: Style,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const natural = columns.map(({ title }, at) =>
    Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(widthOf)),
  );
  const widths = fitted(columns, natural, style.columns - GAP * columns.length);
  const drawn = new Table({
    chars: NO_FRAME,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [], compact: true },
    colWidths: widths.map((width) => width + GAP),
    colAligns: columns.map(({ isNumber }) => (isNumber === true ? 'right' : 'left')),
    wordWrap: true,
  });
  drawn.push(
    columns.map(({ title }) => paint(style, 'dim', title)),
    ...rows.map((row) => [...row]),
  );
  const lines = drawn.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** The wider ones of the flexible columns give way first. */
function fitted(columns: readonly Column[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  const flexible = columns.flatMap(({ isFlexible }, at) => (isFlexible === true ? [at] : []));
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const widest = flexible.reduce<number | undefined>(
      (best, at) => (best === undefined || (widths[at] ?? 0) > (widths[best] ?? 0) ? at : best),
      undefined,
    );
    if (widest === undefined || (widths[widest] ?? 0) <= MIN_FLEXIBLE) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}
