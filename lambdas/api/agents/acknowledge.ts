import type { Escalation } from '../../../core/town/escalation.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { anyRecord, openTown, tell } from '../statements.ts';

/** Somebody has seen an escalation; saying so again changes nothing. */
export async function acknowledgeEscalation(
  deps: TownDeps,
  caller: Caller,
  townId: string,
  escalationId: string,
): Promise<Escalation> {
  const town = await openTown(deps, caller, townId);
  const escalation = await anyRecord(deps, town, 'escalation', escalationId);
  if (town.live.escalation.has(escalationId)) {
    await tell(deps, townId, { type: 'escalation_acknowledged', escalationId, by: caller.id });
  }
  return escalation;
}
