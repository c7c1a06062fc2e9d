import { holdsSlot } from '../town/merge-request.ts';
import type { Invariant } from './invariant.ts';

/** At most one merge request of a rig holds the slot: is being checked, reviewed, opened or merged. */
export const oneSlotPerRig: Invariant = {
  name: 'one-slot-per-rig',
  check(draft) {
    const seen = new Set<string>();
    return draft.all('mergeRequest').flatMap((mr) => {
      if (!holdsSlot(mr)) return [];
      if (seen.has(mr.rigId)) return [`more than one merge request holds the slot of rig ${mr.rigId}`];
      seen.add(mr.rigId);
      return [];
    });
  },
};
