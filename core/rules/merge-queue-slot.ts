import { enterStage } from '../acts/merge-requests.ts';
import { holdsSlot } from '../town/merge-request.ts';
import type { Rule } from './rule.ts';

/** One merge request of a rig at a time is checked, reviewed and merged: the oldest in the queue. */
export const mergeQueueSlot: Rule = {
  name: 'merge-queue/slot',
  run(step) {
    const { draft } = step;
    const holders = new Map(
      draft.all('mergeRequest').flatMap((mr) => (holdsSlot(mr) ? [[mr.rigId, mr]] : [])),
    );
    const positions = new Map<string, number>();
    const queued = draft.all('mergeRequest').filter((mr) => mr.stage === 'queued');
    queued.sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const mr of queued) {
      const holder = holders.get(mr.rigId);
      if (holder === undefined) {
        if (!step.hasRoom(1)) return;
        enterStage(step, mr, 'checking', 'first in the queue of its rig');
        holders.set(mr.rigId, mr);
        continue;
      }
      const position = (positions.get(mr.rigId) ?? 0) + 1;
      positions.set(mr.rigId, position);
      step.waiting(mr.stageSince, {
        subject: { kind: 'mergeRequest', id: mr.id },
        state: 'queued',
        waitingOn: 'the merge queue',
        reason: `behind "${holder.title}", which is ${holder.stage}`,
        who: 'town',
        position,
        heldBy: { kind: 'mergeRequest', id: holder.id },
      });
    }
  },
};
