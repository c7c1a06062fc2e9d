import { nextHearing, theMayor } from '../acts/mayor.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person writes to the mayor. The message stays until a session has answered it. */
export const applyMayorMessage: ApplyFact<StatementOf<InboxStatement, 'mayor_message'>> = (step, fact) => {
  const { draft, now } = step;
  const { messageId: id, text, context, by } = fact;
  if (draft.get('mail', id) !== undefined) return 'stale';
  const mayor = theMayor(step);
  step.decide({ subject: { kind: 'agent', id: mayor.id }, reason: `${by} wrote to the mayor` });
  const said = context === undefined ? text : `${text}\n\n[They are looking at: ${context}]`;
  const times = { createdAt: now, updatedAt: now };
  draft.put('mail', { id, rev: 0, agentId: mayor.id, attempt: nextHearing(mayor), text: said, ...times });
  draft.put('agent', { ...mayor, lastActiveAt: now });
  draft.history.push({ kind: 'chat', id, from: 'user', by, text, at: now });
  return 'applied';
};
