import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person has seen an escalation. */
export const applyEscalationAcknowledged: ApplyFact<
  StatementOf<InboxStatement, 'escalation_acknowledged'>
> = (step, fact) => {
  const { draft, now } = step;
  const escalation = draft.get('escalation', fact.escalationId);
  if (escalation === undefined) return 'stale';
  const subject = { kind: 'escalation', id: escalation.id } as const;
  step.decide({ subject, from: 'open', to: 'acknowledged', reason: `acknowledged by ${fact.by}` });
  draft.archive('escalation', { ...escalation, acknowledgedBy: fact.by, closedAt: now });
  return 'applied';
};
