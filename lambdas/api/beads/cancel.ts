import type { Bead } from '../../../core/town/bead.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { refuseWhileMerging } from '../merging.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/** Ends a live bead as closed or failed; the town does it later. */
export async function cancelBead(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  beadId: string,
  { as, reason }: { as: 'closed' | 'failed'; reason?: string | undefined },
): Promise<Bead> {
  const town = await openTown(deps, caller, townId);
  const bead = await liveRecord(deps, town, 'bead', beadId);
  refuseWhileMerging(town, [bead.id], 'The bead');
  await tell(deps, townId, { type: 'bead_cancelled', beadId, as, reason, by: caller.id });
  return bead;
}
