import type { Bead } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import type { Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { relative } from '../render/time.ts';

/** `held` is a state to people. */
export const beadState = ({ status, held }: Bead): string => (status === 'open' && held ? 'held' : status);

export const beadsTable = (style: Style, beads: readonly Bead[]): string =>
  table(
    style,
    [
      { title: 'BEAD' },
      { title: 'TITLE', isFlexible: true },
      { title: 'STATE' },
      { title: 'SINCE' },
      { title: 'PRIORITY' },
      { title: 'TRIES', isNumber: true },
    ],
    beads.map((bead) => [
      shortId(bead.id),
      oneLine(bead.title),
      state(style, beadState(bead)),
      relative(style, bead.statusSince),
      bead.priority,
      `${bead.attempt}`,
    ]),
  );
