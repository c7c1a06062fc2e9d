import { workOfRig } from '../../../core/acts/rigs.ts';
import { Conflict } from '../../../core/errors.ts';
import type { Rig } from '../../../core/town/rig.ts';
import type { Town } from '../../../core/town/town.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/**
 * Takes a rig out of the town, one with unfinished work only if that is meant; the repository itself is not touched. The town does
 * it later.
 */
export async function removeRig(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  rigId: string,
  isForced: boolean,
): Promise<Rig> {
  const town = await openTown(deps, caller, townId);
  const rig = await liveRecord(deps, town, 'rig', rigId);
  if (rig.removing !== undefined) return rig;
  if (!isForced && workOfRig(town.live, rigId).length > 0) {
    throw new Conflict(
      `The rig has unfinished work: ${countsIn(town, rigId)}. Finish, cancel or close it first; or remove the rig with all of it: ` +
        '`?force=true`, on the command line --force.',
    );
  }
  await tell(deps, townId, { type: 'rig_removed', rigId, isForced, by: caller.id });
  return rig;
}

const COUNTED = [
  ['bead', 'bead'],
  ['convoy', 'convoy'],
  ['mergeRequest', 'merge request'],
] as const;

function countsIn({ live }: Town, rigId: string): string {
  const counts = COUNTED.flatMap(([kind, name]) => {
    const count = [...live[kind].values()].filter((one) => one.rigId === rigId).length;
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`];
  });
  return counts.join(', ');
}
