import type { Style } from './style.ts';
import { widthOf } from './width.ts';

/** In a window narrower than this plus the indent, the terminal itself breaks lines. */
const MIN_COLUMNS = 20;

/** A text whose lines end between words; every line but the first begins with the indent. Line breaks in it stay. */
export function wrap({ columns }: Pick<Style, 'columns'>, text: string, indent: number): string {
  const room = columns - indent;
  const lines = text.split('\n').flatMap((line) => (room < MIN_COLUMNS ? [line] : broken(line, room)));
  return lines.join(`\n${' '.repeat(indent)}`);
}

function broken(line: string, room: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S)(?=\s)/)) {
    if (current !== '' && widthOf(current) + widthOf(word) > room) {
      lines.push(current);
      current = word.trimStart();
    } else {
      current += word;
    }
  }
  return [...lines, current];
}
