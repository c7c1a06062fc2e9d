import { holdsSlot } from '../town/merge-request.ts';
import type { Invariant } from './invariant.ts';

/**
 * At most one merge request of a rig holds the slot: is being checked, reviewed, opened or merged by the town. Of those that a forge merges at
 * most one is being merged.
 */
export const oneSlotPerRig: Invariant = {
  name: 'one-slot-per-rig',
  check(draft) {
    const seen = new Set<string>();
    return draft.all('mergeRequest').flatMap((mr) => {
      const what = holdsSlot(mr) ? 'holds the slot' : mr.stage === 'merging' ? 'is being merged' : undefined;
      if (what === undefined) return [];
      const key = `${what} of rig ${mr.rigId}`;
      if (seen.has(key)) return [`more than one merge request ${key}`];
      seen.add(key);
      return [];
    });
  },
};
