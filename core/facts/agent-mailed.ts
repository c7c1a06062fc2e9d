import { speaker } from '../acts/agents.ts';
import { mayorIdOf, theMayor } from '../acts/mayor.ts';
import { say } from '../acts/say.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** An agent writes to another one. The mayor hears it with whatever it is told next: no agent starts a session of it. */
export const applyAgentMailed: ApplyFact<StatementOf<InboxStatement, 'agent_mailed'>> = (step, fact) => {
  const { draft } = step;
  const sender = speaker(draft, fact);
  if (sender === undefined) return 'stale';
  const { to: id, messageId, text } = fact;
  const to = id === mayorIdOf(draft.base.head) ? theMayor(step) : draft.get('agent', id);
  const mode = to?.role === 'mayor' ? 'queue' : 'wait-idle';
  if (to === undefined || !say(step, to, { id: messageId, text, mode })) return 'stale';
  step.decide({ subject: { kind: 'agent', id: to.id }, reason: `${sender.name} wrote to it` });
  return 'applied';
};
