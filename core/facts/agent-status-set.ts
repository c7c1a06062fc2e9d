import { speaker } from '../acts/agents.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** An agent says what it is doing, for people who look. */
export const applyAgentStatusSet: ApplyFact<StatementOf<InboxStatement, 'agent_status_set'>> = (
  step,
  fact,
) => {
  const agent = speaker(step.draft, fact);
  if (agent === undefined) return 'stale';
  const { text } = fact;
  step.decide({ subject: { kind: 'agent', id: agent.id }, reason: `${agent.name}: ${text}` });
  step.draft.put('agent', { ...agent, statusMessage: text, statusMessageAt: step.now });
  return 'applied';
};
