import type { Town } from '../../../core/town/town.ts';
import type { Caller } from '../caller.ts';
import type { TownDeps } from '../context.ts';
import { openTown, tell } from '../statements.ts';
import { mayorAgentId, mayorIn, sessionStatus, type SessionStatus } from './session.ts';

/** What was done about somebody wanting to see the mayor; the words are those that clients know. */
export const ensureDecisions = [
  'short_circuit_warm',
  'short_circuit_idle',
  'sdk_dead_redispatch',
  'fresh_dispatch',
] as const;
export type EnsureDecision = (typeof ensureDecisions)[number];

export interface Ensured {
  readonly agentId: string;
  readonly sessionStatus: SessionStatus;
  readonly decision: EnsureDecision;
}

/** Somebody wants to see the mayor: a session is made ready, which costs no token; one that is there is kept for a while. */
export async function ensureMayor(deps: TownDeps, caller: Caller, townId: string): Promise<Ensured> {
  const town = await openTown(deps, caller, townId);
  const ensured = ensuredIn(town);
  // A paused town starts nothing, also not when it is resumed later.
  if (town.head.lifecycle === 'active') await tell(deps, townId, { type: 'mayor_ensured', by: caller.id });
  return ensured;
}

function ensuredIn(town: Town): Ensured {
  const agentId = mayorAgentId(town);
  const mayor = mayorIn(town);
  const status = sessionStatus(town, mayor);
  if (town.head.lifecycle !== 'active') {
    return { agentId, sessionStatus: 'idle', decision: 'short_circuit_idle' };
  }
  if (status === 'active') return { agentId, sessionStatus: status, decision: 'short_circuit_warm' };
  const isContainerUp = town.container.state === 'running';
  const hasLostSession = isContainerUp && mayor?.status === 'idle' && mayor.attempt > 0;
  const decision = hasLostSession ? 'sdk_dead_redispatch' : 'fresh_dispatch';
  // After sessions that broke the next one waits; `why` says how long.
  const isDelayed = mayor?.status === 'idle' && mayor.lastFailedAt !== undefined;
  return { agentId, sessionStatus: isDelayed ? 'idle' : 'starting', decision };
}
