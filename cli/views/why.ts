import type { Explanation } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import { paint, type Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { relative } from '../render/time.ts';
import { wrap } from '../render/wrap.ts';
import { spaced } from '../render/words.ts';

/** Below this a table has no room for the reasons. */
const TABLE_COLUMNS = 110;

/** Why things are not moving; those that need a person first. Ends with a line break. */
export function whyText(style: Style, rows: readonly Explanation[]): string {
  const sorted = rows.toSorted((a, b) => rank(a) - rank(b));
  return style.columns < TABLE_COLUMNS ? blocks(style, sorted) : whyTable(style, sorted);
}

const ORDER: readonly Explanation['state'][] = ['needs_attention', 'waiting', 'queued', 'progressing'];
const rank = (row: Explanation): number => ORDER.indexOf(row.state);

const reasonOf = ({ reason, position }: Explanation): string =>
  oneLine(position === undefined ? reason : `${reason} (place ${position})`);

const whyTable = (style: Style, rows: readonly Explanation[]): string =>
  table(
    style,
    [
      { title: 'WHAT' },
      { title: 'TITLE', isFlexible: true },
      { title: 'STATE' },
      { title: 'WHY', isFlexible: true },
      { title: 'SINCE' },
      { title: 'UNTIL' },
      { title: 'WHO ACTS' },
    ],
    rows.map((row) => [
      nameOf(row),
      oneLine(row.subject.title),
      state(style, row.state),
      reasonOf(row),
      relative(style, row.since),
      relative(style, row.until),
      row.who,
    ]),
  );

const INDENT = 2;

/** Three lines each. */
const blocks = (style: Style, rows: readonly Explanation[]): string =>
  rows
    .map((row) => {
      const until = row.until === null ? '' : `, looks again ${relative(style, row.until)}`;
      const footer = `since ${relative(style, row.since)}${until}; who acts: ${row.who}`;
      const title = paint(style, 'bold', oneLine(row.subject.title));
      const lines = [
        wrap(style, `${nameOf(row)}  ${title}  ${state(style, row.state)}`, 0),
        `  ${wrap(style, reasonOf(row), INDENT)}`,
        `  ${paint(style, 'dim', footer)}`,
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('');

const nameOf = ({ subject }: Explanation): string => `${spaced(subject.kind)} ${shortId(subject.id)}`;
