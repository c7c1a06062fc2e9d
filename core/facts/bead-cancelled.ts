import { release } from '../acts/agents.ts';
import { endBead } from '../acts/beads.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor ends a bead. A merge that is under way is not stopped half-way: then the claim is stale. */
export const applyBeadCancelled: ApplyFact<StatementOf<InboxStatement, 'bead_cancelled'>> = (step, fact) => {
  const { draft, now } = step;
  const bead = draft.get('bead', fact.beadId);
  if (bead === undefined) return 'stale';
  const mr = draft
    .all('mergeRequest')
    .find(({ subject }) => subject.kind === 'bead' && subject.id === bead.id);
  if (mr?.stage === 'merging') return 'stale';
  if (mr !== undefined) {
    release(step, mr.reviewerAgentId);
    const failure = { code: 'cancelled', message: `bead cancelled by ${fact.by}` };
    step.decide({
      subject: { kind: 'mergeRequest', id: mr.id },
      from: mr.stage,
      to: 'failed',
      reason: failure.message,
    });
    draft.archive('mergeRequest', { ...mr, stage: 'failed', stageSince: now, closedAt: now, failure });
  }
  const reason = `cancelled by ${fact.by}${fact.reason === undefined ? '' : `: ${fact.reason}`}`;
  endBead(step, bead, { status: fact.as, reason, failureCode: 'cancelled' });
  return 'applied';
};
