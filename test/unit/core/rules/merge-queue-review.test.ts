import { expect, test } from 'vitest';
import { mergeQueueReview } from '../../../../core/rules/merge-queue-review.ts';
import { seconds } from '../../../../core/town/instant.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  agent,
  CANDIDATE,
  container,
  mergeRequest,
  reviewedBead,
  reviewer,
  runRules,
  T0,
  town,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const at = (over: Partial<MergeRequest> = {}) => ({
  beads: [reviewedBead('a')],
  mergeRequests: [mergeRequest('m', 'a', { stage: 'reviewing', candidate: CANDIDATE, ...over })],
});
const paused = at({ reviewAttempt: 1, reviewCooldownFrom: T0 });

rows(mergeQueueReview, T0, [
  {
    situation: 'a merge request under review gets a reviewer',
    town: at(),
    decides: ['mergeRequest m'],
    reason: 'refinery reviews it, attempt 1',
  },
  {
    situation: 'one that has a reviewer is left to it',
    town: { ...at({ reviewerAgentId: 'ref', reviewAttempt: 1 }), agents: [reviewer('ref', 'm')] },
  },
  {
    situation: 'a review without a verdict is followed by a pause',
    town: paused,
    afterMs: seconds(30) - 1,
    reason: 'review 1 ended without a verdict',
    waits: ['mergeRequest m: waiting on cooldown'],
    dueAfterMs: seconds(30),
  },
  {
    situation: 'and then by another review',
    town: paused,
    afterMs: seconds(30),
    decides: ['mergeRequest m'],
    reason: 'attempt 2',
  },
  {
    situation: 'five reviews without a verdict send the bead back',
    town: at({ reviewAttempt: 5, reviewCooldownFrom: T0 }),
    decides: ['mergeRequest m: reviewing → failed', 'bead a: in_review → open'],
    reason: '5 reviews ended without a verdict',
  },
  {
    situation: 'nobody is sent into a container that stops',
    town: { ...at(), container: container('stopping') },
    waits: ['mergeRequest m: waiting on container'],
  },
  {
    situation: 'a reviewer waits for a place, too',
    town: {
      ...at(),
      beads: [reviewedBead('a'), workedBead('b', 'x')],
      agents: [worker('x', 'b')],
      config: { container: { memoryGiB: 2 } },
    },
    reason: 'all 1 places in the container are taken',
    waits: ['mergeRequest m: queued on capacity'],
  },
  ...(['queued', 'checking', 'open', 'merging'] as const).map((stage) => ({
    situation: `one that is ${stage} is not reviewed`,
    town: at({ stage }),
  })),
]);

test('each review is a session of its own, though the reviewer and the number of the review are the same', () => {
  const { changes } = runRules(
    [mergeQueueReview],
    town({ ...at(), agents: [agent('ref', { role: 'refinery', attempt: 4 })] }),
  );
  expect(changes.map((change) => ('record' in change ? change.record : undefined))).toMatchObject([
    { reviewAttempt: 1, reviewerAgentId: 'ref' },
    { attempt: 5, status: 'working', hook: { kind: 'mergeRequest', id: 'm' } },
  ]);
});
