import { endAsWished } from '../acts/wishes.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person deletes a live bead. */
export const applyBeadDeleted: ApplyFact<StatementOf<InboxStatement, 'bead_deleted'>> = (step, fact) => {
  const bead = step.draft.get('bead', fact.beadId);
  if (bead === undefined) return 'stale';
  endAsWished(step, bead, { as: 'deleted', by: fact.by });
  return 'applied';
};
