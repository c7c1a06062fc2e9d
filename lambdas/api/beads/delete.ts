import { Conflict } from '../../../core/errors.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { refuseWhileMerging } from '../merging.ts';
import { anyRecord, openTown, tell } from '../statements.ts';

/** Deletes a bead: a live one by the town, later; an ended one at once. */
export async function deleteBead(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  beadId: string,
): Promise<Bead> {
  const town = await openTown(deps, caller, townId);
  const bead = await anyRecord(deps, town, 'bead', beadId);
  if (town.live.bead.has(beadId)) {
    refuseWhileMerging(town, [bead.id], 'The bead');
    await tell(deps, townId, { type: 'bead_deleted', beadId, by: caller.id });
    return bead;
  }
  const isNeeded = [...town.live.convoy.values()].some(({ beads }) => beads.some(({ id }) => id === beadId));
  if (isNeeded) {
    throw new Conflict(
      'Its convoy has not landed yet and needs its outcome. Remove it from the convoy, or close that.',
    );
  }
  if (!(await deps.store.removeArchived(townId, beadId)))
    throw new Conflict('Somebody has reopened or deleted it meanwhile. Read it again.');
  return bead;
}
