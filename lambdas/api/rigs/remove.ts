import { Conflict } from '../../../core/errors.ts';
import type { Rig } from '../../../core/town/rig.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/** Takes a rig without unfinished work out of the town; the repository itself is not touched. The town does it later. */
export async function removeRig(deps: ApiDeps, caller: Caller, townId: string, rigId: string): Promise<Rig> {
  const town = await openTown(deps, caller, townId);
  const rig = await liveRecord(deps, town, 'rig', rigId);
  const { bead, convoy, mergeRequest } = town.live;
  const work = [...bead.values(), ...convoy.values(), ...mergeRequest.values()].filter(
    (one) => one.rigId === rigId,
  );
  if (work.length > 0) {
    throw new Conflict(
      `The rig has unfinished work (${work.length} records): finish, cancel or close it first.`,
    );
  }
  await tell(deps, townId, { type: 'rig_removed', rigId, by: caller.id });
  return rig;
}
