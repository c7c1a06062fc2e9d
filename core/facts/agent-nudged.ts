import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** Somebody says something to an agent at work. */
export const applyAgentNudged: ApplyFact<StatementOf<InboxStatement, 'agent_nudged'>> = (step, fact) => {
  const { draft, now } = step;
  const agent = draft.get('agent', fact.agentId);
  const { messageId: id, text, mode } = fact;
  if (agent === undefined || agent.status === 'idle' || draft.get('mail', id) !== undefined) return 'stale';
  step.decide({ subject: { kind: 'agent', id: agent.id }, reason: `nudged by ${fact.by}` });
  const times = { createdAt: now, updatedAt: now };
  draft.put('mail', { id, rev: 0, agentId: agent.id, attempt: agent.attempt, text, mode, ...times });
  return 'applied';
};
