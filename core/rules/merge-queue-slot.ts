import { batchFor } from '../acts/batches.ts';
import { reachedFor } from '../acts/budgets.ts';
import { mayCost } from '../acts/dispatching.ts';
import { enterStage } from '../acts/merge-requests.ts';
import { costBearers } from '../acts/merging.ts';
import { inQueueOrder } from '../acts/queue-order.ts';
import type { Step } from '../step.ts';
import { effectiveConfig } from '../town/config.ts';
import { holdsSlot, type MergeRequest } from '../town/merge-request.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'merge requests are queued',
  guards: [
    'no other one of the rig is in check, review or merge',
    'a review of it may be paid for; one that may not gives the slot back',
    'of several the most urgent goes first, where 30 minutes of waiting are worth one step of priority',
  ],
  decides: [
    'it enters the check, and up to seven of the same target behind it with it',
    'what was checked in a batch goes on without a check of its own',
    'or, when a budget is spent before its review began, the queue again',
  ],
  reference: ['3.4 R5', 'H-10', 'H-20', 'decision 0014'],
};

/** One merge request of a rig at a time is checked, reviewed and merged: the most urgent, and of those the oldest. */
export const mergeQueueSlot: Rule = {
  name: 'merge-queue/slot',
  run(step) {
    const { draft } = step;
    for (const mr of draft.all('mergeRequest')) if (isHeldUp(step, mr)) giveSlotBack(step, mr);
    const holders = new Map(
      draft.all('mergeRequest').flatMap((mr) => (holdsSlot(mr) ? [[mr.rigId, mr]] : [])),
    );
    const positions = new Map<string, number>();
    const queued = draft.all('mergeRequest').filter(({ stage }) => stage === 'queued');
    const queue = inQueueOrder(draft, queued);
    for (const mr of queue) {
      if (!mayCost(step, { kind: 'mergeRequest', id: mr.id }, costBearers(draft, mr))) continue;
      const holder = holders.get(mr.rigId);
      if (holder === undefined) {
        if (!step.hasRoom(1)) return;
        takeSlot(step, mr, queue);
        holders.set(mr.rigId, draft.get('mergeRequest', mr.id) ?? mr);
        continue;
      }
      const position = (positions.get(mr.rigId) ?? 0) + 1;
      positions.set(mr.rigId, position);
      step.waiting(mr.stageSince, {
        subject: { kind: 'mergeRequest', id: mr.id },
        state: 'queued',
        waitingOn: 'the merge queue',
        reason: holder.batch?.some(({ id }) => id === mr.id)
          ? `it is checked together with "${holder.title}"`
          : `behind "${holder.title}", which is ${holder.stage}`,
        who: 'town',
        position,
        heldBy: { kind: 'mergeRequest', id: holder.id },
      });
    }
  },
};

/** What was checked in a batch goes on; anything else is checked, together with those behind it. */
function takeSlot(step: Step, mr: MergeRequest, queue: readonly MergeRequest[]): void {
  const { draft } = step;
  const rig = draft.get('rig', mr.rigId);
  if (mr.candidate !== undefined && mr.behind === undefined && rig !== undefined) {
    const { codeReview } = effectiveConfig(draft.base.config, rig.config);
    const reason = 'it was checked in a batch, and the one before it is merged';
    enterStage(step, mr, codeReview ? 'reviewing' : 'open', reason);
    return;
  }
  const batch = batchFor(draft, mr, queue);
  const together = batch === undefined ? '' : `; ${batch.length} more are checked together with it`;
  enterStage(step, mr, 'checking', `first in the queue of its rig${together}`, {
    batch,
    candidate: undefined,
  });
}

/** In the slot, with nothing of it under way, and its review may not be paid for: the others need not wait for that. */
function isHeldUp(step: Step, mr: MergeRequest): boolean {
  const { draft } = step;
  const isChecking = mr.stage === 'checking' && mr.jobId === undefined;
  const isReviewing = mr.stage === 'reviewing' && draft.get('agent', mr.reviewerAgentId)?.hook?.id !== mr.id;
  return (isChecking || isReviewing) && reachedFor(draft, costBearers(draft, mr)) !== undefined;
}

function giveSlotBack(step: Step, mr: MergeRequest): void {
  if (step.hasRoom(1))
    enterStage(step, mr, 'queued', 'a budget is spent: others go first', { candidate: undefined });
}
