import { Conflict } from '../../../core/errors.ts';
import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Caller } from '../caller.ts';
import { reopening } from '../beads/reopen.ts';
import type { TownDeps } from '../context.ts';
import { liveRecord, openTown, tell } from '../statements.ts';

/** A convoy that needs attention tries again: its failed beads are reopened, its landing starts anew; the town does it later. */
export async function retryConvoy(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  convoyId: string,
): Promise<Convoy> {
  const town = await openTown(deps, caller, townId);
  const convoy = await liveRecord(deps, town, 'convoy', convoyId);
  const failed = convoy.beads.filter(({ outcome }) => outcome === 'failed');
  const hasTrouble =
    convoy.state === 'needs_attention' || convoy.attention !== undefined || failed.length > 0;
  if (!hasTrouble) throw new Conflict(`The convoy is ${convoy.state}; there is nothing to try again.`);
  if (convoy.closing !== undefined) throw new Conflict('The convoy is being closed.');
  const statements: InboxStatement[] = [];
  for (const { id } of failed) {
    const bead = await deps.store.archived(townId, 'bead', id);
    if (bead !== undefined) statements.push(await reopening(deps, town, bead, caller));
  }
  await tell(deps, townId, ...statements, { type: 'convoy_retried', convoyId, by: caller.id });
  return convoy;
}
