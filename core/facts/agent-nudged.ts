import { speaker } from '../acts/agents.ts';
import { say } from '../acts/say.ts';
import { seconds } from '../town/instant.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** Somebody says something to an agent at work. */
export const applyAgentNudged: ApplyFact<StatementOf<InboxStatement, 'agent_nudged'>> = (step, fact) => {
  const { draft, now } = step;
  const { messageId: id, text, mode, from, isUrgent, ttlSeconds } = fact;
  const agent = draft.get('agent', fact.agentId);
  if (agent === undefined || agent.status === 'idle') return 'stale';
  if (from !== undefined && speaker(draft, from) === undefined) return 'stale';
  const expiresAt = ttlSeconds === undefined ? undefined : now + seconds(ttlSeconds);
  if (!say(step, agent, { id, text, mode, isUrgent, expiresAt })) return 'stale';
  step.decide({ subject: { kind: 'agent', id: agent.id }, reason: `nudged by ${fact.by}` });
  return 'applied';
};
