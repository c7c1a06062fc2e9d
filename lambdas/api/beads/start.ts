import { Conflict } from '../../../core/errors.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/** Lets a held bead be dispatched; the town does it later. */
export async function startBead(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  beadId: string,
): Promise<Bead> {
  const town = await openTown(deps, caller, townId);
  const bead = await liveRecord(deps, town, 'bead', beadId);
  if (!bead.isHeld) throw new Conflict('The bead is not held; it starts by itself.');
  await tell(deps, townId, { type: 'bead_started', beadId, by: caller.id });
  return bead;
}
