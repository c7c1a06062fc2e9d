import type { Invariant } from './invariant.ts';

/** A bead in review has exactly one live merge request; no other bead has any. */
export const reviewHasMergeRequest: Invariant = {
  name: 'review-has-merge-request',
  check(draft) {
    const counts = new Map<string, number>();
    for (const { subject } of draft.all('mergeRequest')) {
      if (subject.kind === 'bead') counts.set(subject.id, (counts.get(subject.id) ?? 0) + 1);
    }
    return draft.all('bead').flatMap((bead) => {
      const count = counts.get(bead.id) ?? 0;
      const expected = bead.status === 'in_review' ? 1 : 0;
      return count === expected
        ? []
        : [`bead ${bead.id} is ${bead.status} with ${count} live merge requests`];
    });
  },
};
