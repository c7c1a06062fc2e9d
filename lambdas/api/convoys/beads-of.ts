import type { TownStore } from '../../../core/ports.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Town } from '../../../core/town/town.ts';
import { standing } from '../standing.ts';

/** The beads of a convoy in their order, live and ended. One that was deleted after the convoy had ended is left out. */
export async function beadsOf(
  store: TownStore,
  town: Town,
  { beads }: Pick<Convoy, 'beads'>,
): Promise<readonly Bead[]> {
  const found = await Promise.all(beads.map(({ id }) => standing(store, town, 'bead', id)));
  return found.filter((bead) => bead !== undefined);
}
