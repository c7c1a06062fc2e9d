import { endBead } from '../acts/beads.ts';
import { endMergeRequest } from '../acts/merge-requests.ts';
import { mergeRequestOf } from '../acts/merging.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor ends a bead. A merge that is under way is not stopped half-way: then the claim is stale. */
export const applyBeadCancelled: ApplyFact<StatementOf<InboxStatement, 'bead_cancelled'>> = (step, fact) => {
  const { draft } = step;
  const bead = draft.get('bead', fact.beadId);
  if (bead === undefined) return 'stale';
  const mr = mergeRequestOf(draft, 'bead', bead.id);
  if (mr?.stage === 'merging') return 'stale';
  if (mr !== undefined) {
    const failure = { code: 'cancelled', message: `bead cancelled by ${fact.by}` };
    endMergeRequest(step, mr, { stage: 'failed', failure, reason: failure.message });
  }
  const reason = `cancelled by ${fact.by}${fact.reason === undefined ? '' : `: ${fact.reason}`}`;
  endBead(step, bead, { status: fact.as, reason, failureCode: 'cancelled', session: 'cancelled' });
  return 'applied';
};
