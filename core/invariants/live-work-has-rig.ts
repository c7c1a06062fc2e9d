import type { Invariant } from './invariant.ts';

/** What is worked on is in a rig of the town. */
export const liveWorkHasRig: Invariant = {
  name: 'live-work-has-rig',
  check(draft) {
    const work = [...draft.all('bead'), ...draft.all('convoy'), ...draft.all('mergeRequest')];
    return work
      .filter(({ rigId }) => draft.get('rig', rigId) === undefined)
      .map(({ id, rigId }) => `${id} is in rig ${rigId}, which is not live`);
  },
};
