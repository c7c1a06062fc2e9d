import type { Bead } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import { paint, type Style } from '../render/style.ts';
import { relative } from '../render/time.ts';
import { beadState } from './beads.ts';
import { fields } from './fields.ts';
import { spent } from './usage.ts';

/** Everything about one bead. */
export const beadDetails = (style: Style, bead: Bead): string =>
  `${paint(style, 'bold', oneLine(bead.title))}\n${fields(style, [
    ['id', bead.id],
    ['state', `${state(style, beadState(bead))}, ${relative(style, bead.statusSince)}`],
    ['priority', bead.priority],
    ['labels', bead.labels.join(', ')],
    ['after', bead.dependsOn.map(({ id, outcome }) => `${shortId(id)} (${outcome})`).join(', ')],
    ['convoy', bead.convoyId === null ? undefined : shortId(bead.convoyId)],
    ['agent', bead.agentId === null ? undefined : shortId(bead.agentId)],
    ['branch', bead.branch ?? undefined],
    ['tries', `${bead.attempt}`],
    ['spent', spent(bead.usage)],
    ['failure', bead.failure?.message],
    ['feedback', bead.feedback],
    ['body', bead.body],
  ])}`;

/** One line that says what became of a bead. */
export const beadLine = (style: Style, bead: Bead): string =>
  `${shortId(bead.id)}  ${oneLine(bead.title)}  ${state(style, beadState(bead))}`;
