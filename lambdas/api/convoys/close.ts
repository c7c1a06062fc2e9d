import { Conflict } from '../../../core/errors.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/** Gives a convoy up: what is unfinished is cancelled, nothing lands; the town does it later. */
export async function closeConvoy(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  convoyId: string,
  reason: string | undefined,
): Promise<Convoy> {
  const town = await openTown(deps, caller, townId);
  const convoy = await liveRecord(deps, town, 'convoy', convoyId);
  if (convoy.closing !== undefined) throw new Conflict('The convoy is being closed already.');
  await tell(deps, townId, { type: 'convoy_closed', convoyId, reason, by: caller.id });
  return convoy;
}
