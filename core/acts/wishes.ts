import { release } from './agents.ts';
import { endBead } from './beads.ts';
import { endMergeRequest } from './merge-requests.ts';
import { mergeRequestOf } from './merging.ts';
import type { Step } from '../step.ts';
import type { Bead } from '../town/bead.ts';

export type Wish = NonNullable<Bead['wish']>;

/**
 * Somebody ends a bead. A merge that is under way is not stopped half-way: whether it has happened is not known before its job says so,
 * and until then the wish is kept with the bead.
 */
export function endAsWished(step: Step, bead: Bead, wish: Wish): void {
  const { draft } = step;
  const mr = mergeRequestOf(draft, 'bead', bead.id);
  const word = wish.as === 'deleted' ? 'deleted' : 'cancelled';
  const reason = `${word} by ${wish.by}${wish.reason === undefined ? '' : `: ${wish.reason}`}`;
  if (mr?.stage === 'merging') {
    const subject = { kind: 'bead', id: bead.id } as const;
    step.decide({ subject, reason: `${reason}, unless the merge that is under way has happened` });
    draft.put('bead', { ...bead, wish });
    return;
  }
  if (wish.as === 'deleted') return deleteBead(step, bead, reason);
  if (mr !== undefined) {
    const failure = { code: 'cancelled', message: `bead ${reason}` };
    endMergeRequest(step, mr, { stage: 'failed', failure, reason: failure.message });
  }
  endBead(step, bead, { status: wish.as, reason, failureCode: 'cancelled', session: 'cancelled' });
}

/** It goes without a trace but the log: whoever waited for it waits no longer. */
function deleteBead(step: Step, bead: Bead, reason: string): void {
  const { draft } = step;
  const mr = mergeRequestOf(draft, 'bead', bead.id);
  release(step, bead.assigneeAgentId, { outcome: 'cancelled', reason });
  if (mr !== undefined) {
    const failure = { code: 'bead_deleted', message: reason };
    endMergeRequest(step, mr, { stage: 'failed', failure, reason });
  }
  step.decide({ subject: { kind: 'bead', id: bead.id }, from: bead.status, to: 'deleted', reason });
  draft.delete('bead', bead.id);
  for (const other of draft.all('bead')) {
    const dependsOn = other.dependsOn.filter((edge) => edge.id !== bead.id);
    if (dependsOn.length < other.dependsOn.length) draft.put('bead', { ...other, dependsOn });
  }
  const convoy = draft.get('convoy', bead.convoyId);
  if (convoy !== undefined) {
    draft.put('convoy', { ...convoy, beads: convoy.beads.filter((edge) => edge.id !== bead.id) });
  }
}
