import { endAsWished } from '../acts/wishes.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor ends a bead. */
export const applyBeadCancelled: ApplyFact<StatementOf<InboxStatement, 'bead_cancelled'>> = (step, fact) => {
  const bead = step.draft.get('bead', fact.beadId);
  if (bead === undefined) return 'stale';
  endAsWished(step, bead, { as: fact.as, by: fact.by, reason: fact.reason });
  return 'applied';
};
