import type { Invariant } from './invariant.ts';

/** Epochs grow by one, and only from a container that is known to be gone. */
export const epochNeverGoesBack: Invariant = {
  name: 'epoch-never-goes-back',
  check(draft) {
    const { epoch } = draft.container;
    const before = draft.base.container.epoch;
    if (epoch === before || epoch === before + 1) return [];
    return [`the epoch went from ${before} to ${epoch}`];
  },
};
