import { closeConvoy } from '../acts/giving-up.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor gives a convoy up. */
export const applyConvoyClosed: ApplyFact<StatementOf<InboxStatement, 'convoy_closed'>> = (step, fact) => {
  const convoy = step.draft.get('convoy', fact.convoyId);
  if (convoy === undefined || convoy.closing !== undefined) return 'stale';
  const reason = fact.reason === undefined ? `closed by ${fact.by}` : `closed by ${fact.by}: ${fact.reason}`;
  closeConvoy(step, convoy, { by: fact.by, reason });
  return 'applied';
};
