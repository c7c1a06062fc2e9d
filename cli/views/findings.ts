import type { TownFinding } from '../doctor/examine.ts';
import { paint, type Style } from '../render/style.ts';
import { wrap } from '../render/wrap.ts';
import { count } from '../render/words.ts';

const MARKS = { ok: ['ok', 'green'], note: ['note', 'yellow'], problem: ['problem', 'red'] } as const;
const WIDTH = 7;
const INDENT = WIDTH + 2;

/** What was found, under the name of each town, and how many problems there are. */
export function findingsText(style: Style, findings: readonly TownFinding[]): string {
  const lines = findings.flatMap(({ town, level, what, advice }, at) => {
    const [word, colour] = MARKS[level];
    const isNew = town !== undefined && town !== findings[at - 1]?.town;
    return [
      ...(isNew ? [paint(style, 'bold', town)] : []),
      `${paint(style, colour, word.padEnd(INDENT))}${wrap(style, what, INDENT)}`,
      ...(advice === undefined
        ? []
        : [`${' '.repeat(INDENT)}→ ${paint(style, 'cyan', wrap(style, advice, INDENT + 2))}`]),
    ];
  });
  const problems = findings.filter(({ level }) => level === 'problem').length;
  return [...lines, '', problems === 0 ? 'All is well.' : `${count(problems, 'problem')}.`].join('\n');
}
