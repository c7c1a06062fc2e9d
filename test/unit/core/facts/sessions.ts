import {
  CANDIDATE,
  mergeRequest,
  reviewedBead,
  reviewer,
  workedBead,
  worker,
  type TownParts,
} from '../town-builder.ts';

/** The agent `x` works on the bead `a`, at its so many-th attempt. */
export const atWork = (attempt = 1): TownParts => ({
  beads: [workedBead('a', 'x', { attempt })],
  agents: [worker('x', 'a')],
});

/** The agent `x` reviews the bead `a`. */
export const inReview = (reviewAttempt: number): TownParts => ({
  beads: [reviewedBead('a')],
  mergeRequests: [
    mergeRequest('m', 'a', {
      stage: 'reviewing',
      candidate: CANDIDATE,
      reviewerAgentId: 'x',
      reviewAttempt,
    }),
  ],
  agents: [reviewer('x', 'm')],
});
