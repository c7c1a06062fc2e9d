import { endSession } from '../acts/sessions.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor resets an agent: its session ends, and its work starts again at once with a fresh count of attempts. */
export const applyAgentReset: ApplyFact<StatementOf<InboxStatement, 'agent_reset'>> = (step, fact) => {
  const { draft } = step;
  const agent = draft.get('agent', fact.agentId);
  if (agent === undefined || agent.status === 'idle') return 'stale';
  const { hook } = agent;
  endSession(step, agent, { reason: `reset by ${fact.by}`, isHeld: false });
  const bead = draft.get('bead', hook?.kind === 'bead' ? hook.id : undefined);
  if (bead !== undefined) draft.put('bead', { ...bead, attemptBase: bead.attempt });
  const mr = draft.get('mergeRequest', hook?.kind === 'mergeRequest' ? hook.id : undefined);
  if (mr !== undefined) draft.put('mergeRequest', { ...mr, reviewAttempt: 0, reviewCooldownFrom: undefined });
  return 'applied';
};
