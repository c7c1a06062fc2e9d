import { endSession } from '../acts/sessions.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person stops an agent. Its bead is held, or it would be given to the next agent at once. */
export const applyAgentStopped: ApplyFact<StatementOf<InboxStatement, 'agent_stopped'>> = (step, fact) => {
  const { draft } = step;
  const agent = draft.get('agent', fact.agentId);
  if (agent === undefined || agent.status === 'idle') return 'stale';
  endSession(step, agent, { reason: `stopped by ${fact.by}`, isHeld: true });
  const bead = draft.get('bead', agent.hook?.kind === 'bead' ? agent.hook.id : undefined);
  // It was not the bead that failed: the attempt does not count against its limit.
  if (bead !== undefined) draft.put('bead', { ...bead, attemptBase: (bead.attemptBase ?? 0) + 1 });
  return 'applied';
};
