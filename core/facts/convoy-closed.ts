import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor gives a convoy up. Its beads may be too many for one step: the rule `convoy/close` does it. */
export const applyConvoyClosed: ApplyFact<StatementOf<InboxStatement, 'convoy_closed'>> = (step, fact) => {
  const { draft } = step;
  const convoy = draft.get('convoy', fact.convoyId);
  if (convoy === undefined || convoy.closing !== undefined) return 'stale';
  const reason = fact.reason === undefined ? `closed by ${fact.by}` : `closed by ${fact.by}: ${fact.reason}`;
  step.decide({ subject: { kind: 'convoy', id: convoy.id }, from: convoy.state, to: 'closing', reason });
  draft.put('convoy', { ...convoy, closing: { by: fact.by, reason } });
  return 'applied';
};
