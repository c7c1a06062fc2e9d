import { Conflict } from '../../../core/errors.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/** Starts a staged convoy; the town does it later. */
export async function startConvoy(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  convoyId: string,
): Promise<Convoy> {
  const town = await openTown(deps, caller, townId);
  const convoy = await liveRecord(deps, town, 'convoy', convoyId);
  if (convoy.state !== 'staged') {
    throw new Conflict(`The convoy is ${convoy.state}; only a staged one is started.`);
  }
  await tell(deps, townId, { type: 'convoy_started', convoyId, by: caller.id });
  return convoy;
}
