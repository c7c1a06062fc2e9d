import type { Convoy } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import { paint, type Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { relative } from '../render/time.ts';
import { fields } from './fields.ts';
import { spent } from './usage.ts';

/** Several convoys, one a row. */
export const convoysTable = (style: Style, convoys: readonly Convoy[]): string =>
  table(
    style,
    [
      { title: 'CONVOY' },
      { title: 'TITLE', isFlexible: true },
      { title: 'STATE' },
      { title: 'SINCE' },
      { title: 'CLOSED', isNumber: true },
    ],
    convoys.map(({ id, title, state: word, stateSince, beads }) => [
      shortId(id),
      oneLine(title),
      state(style, word),
      relative(style, stateSince),
      `${beads.filter(({ outcome }) => outcome === 'closed').length}/${beads.length}`,
    ]),
  );

/** One convoy, without its beads. */
export const convoyDetails = (style: Style, convoy: Convoy): string =>
  `${paint(style, 'bold', oneLine(convoy.title))}\n${fields(style, [
    ['id', convoy.id],
    ['state', `${state(style, convoy.state)}, ${relative(style, convoy.stateSince)}`],
    ['why', convoy.attention?.message],
    ['merges', convoy.mergeMode],
    ['branch', convoy.mergeMode === 'review-then-land' ? convoy.featureBranch : undefined],
    ['spent', spent(convoy.usage)],
  ])}`;
