import { expect, test } from 'vitest';
import type { Blocker } from '../../../../core/pull-request/blocker.ts';
import { pullRequestMerge } from '../../../../core/rules/pull-request-merge.ts';
import { minutes } from '../../../../core/town/instant.ts';
import type { MergeRequest, PullRequest } from '../../../../core/town/merge-request.ts';
import {
  asPullRequest,
  bead,
  CANDIDATE,
  convoy,
  forgeRig,
  landing,
  pullRequest,
  reviewedBead,
  runRules,
  sha,
  T0,
  town,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const blocker = (kind: Blocker['kind'], who: Blocker['who']): Blocker => ({
  kind,
  who,
  detail: `because of ${kind}`,
});
const at = { autoMergeDelayMinutes: 0 };
const of = (
  pr: Partial<PullRequest> = {},
  over: Partial<MergeRequest> = {},
  settings: Parameters<typeof forgeRig>[0] = at,
) => ({
  rigs: [forgeRig(settings)],
  beads: [reviewedBead('a')],
  mergeRequests: [asPullRequest('m', 'a', pr, over)],
});
const merges = ['mergeRequest m: open → merging'];

rows(pullRequestMerge, T0, [
  {
    situation: 'what nothing blocks is merged',
    town: of(),
    decides: merges,
    reason: 'nothing blocks it; merging 00000000',
  },
  {
    situation: 'people have the delay to look at it',
    town: of({}, {}, { autoMergeDelayMinutes: 5 }),
    afterMs: minutes(5) - 1,
    reason: 'people have 5 minutes',
    waits: ['mergeRequest m: waiting on autoMergeDelay'],
    dueAfterMs: minutes(5),
  },
  {
    situation: 'and then it is merged',
    town: of({}, {}, { autoMergeDelayMinutes: 5 }),
    afterMs: minutes(5),
    decides: merges,
  },
  {
    situation: 'without a delay it is left to people',
    town: of({}, {}, { autoMergeDelayMinutes: null }),
    reason: 'the settings leave its merge to people',
    waits: ['mergeRequest m: waiting on the merge'],
    dueAfterMs: null,
  },
  {
    situation: 'as it is when the town may not merge',
    town: of({}, {}, { autoMerge: false, autoMergeDelayMinutes: 0 }),
    waits: ['mergeRequest m: waiting on the merge'],
    dueAfterMs: null,
  },
  ...(
    [
      ['draft', 'human'],
      ['conflict', 'agent'],
      ['behindBase', 'agent'],
      ['checkFailed', 'agent'],
      ['checkPending', 'platform'],
      ['checksUnknown', 'platform'],
      ['needsApproval', 'human'],
      ['changesRequested', 'human'],
      ['unresolvedThreads', 'agent'],
      ['policyRefused', 'human'],
      ['unknownYet', 'platform'],
    ] as const
  ).map(([kind, who]) => ({
    situation: `${kind} blocks it, however long it lasts`,
    town: of({ blockers: [blocker(kind, who)], readySince: undefined }),
    afterMs: minutes(60 * 24 * 30),
    reason: `is blocked: because of ${kind}`,
    waits: [`mergeRequest m: waiting on ${kind}`],
    dueAfterMs: null,
  })),
  {
    situation: 'what the merge queue of the forge has put out twice is tried once more',
    town: of({ queueDrops: 2 }),
    decides: merges,
  },
  {
    situation: 'what it has put out three times is for people',
    town: of({ queueDrops: 3 }),
    reason: 'has put the pull request https://github.com/owner/repository/pull/5 out 3 times',
    waits: ['mergeRequest m: needs_attention on a person'],
    dueAfterMs: null,
  },
  {
    situation: 'a head that the town has not accepted is for people',
    town: of({ problem: 'gate failed: npm test' }, { candidate: undefined }),
    reason: 'gate failed: npm test: push to its branch, or cancel the work',
    waits: ['mergeRequest m: needs_attention on a person'],
  },
  {
    situation: 'what is being repaired waits for that',
    town: {
      ...of({ repairBeadId: 'r' }),
      beads: [reviewedBead('a'), bead('r', { repairOf: 'm', branch: 'gt/a' })],
    },
    waits: ['mergeRequest m: progressing on repair'],
  },
  {
    situation: 'a repair that came to nothing leaves it to what blocks it',
    town: of({ repairBeadId: 'gone', blockers: [blocker('checkFailed', 'agent')] }),
    waits: ['mergeRequest m: waiting on checkFailed'],
  },
  {
    situation: 'what was not looked at since it was accepted is looked at first',
    town: of({ readySince: undefined, observedAt: 0 }),
    waits: ['mergeRequest m: progressing on the forge'],
  },
  {
    situation: 'a forge that fails is said to fail',
    town: of(
      {},
      {
        forgeFailures: [
          { kind: 'unauthorized', message: 'the token has expired', count: 1, since: T0, lastAt: T0 },
        ],
      },
    ),
    reason: 'the token has expired',
    waits: ['mergeRequest m: needs_attention on unauthorized'],
  },
  {
    situation: 'two of a rig are not merged at once',
    town: {
      rigs: [forgeRig(at)],
      beads: [reviewedBead('a'), reviewedBead('b')],
      mergeRequests: [asPullRequest('m', 'a'), asPullRequest('n', 'b', {}, { stage: 'merging' })],
    },
    waits: ['mergeRequest m: queued on the merge queue', 'mergeRequest n: progressing on the merge'],
  },
  {
    situation: 'what somebody closed may be a mistake',
    town: of({ closedSince: T0, readySince: undefined }),
    afterMs: minutes(60) - 1,
    reason: 'open it again, or cancel the work',
    waits: ['mergeRequest m: needs_attention on a person'],
    dueAfterMs: minutes(60),
  },
  {
    situation: 'after an hour it is an answer: the work has failed, and is not begun again',
    town: of({ closedSince: T0, readySince: undefined }),
    afterMs: minutes(60),
    decides: ['mergeRequest m: open → failed', 'bead a: in_review → failed'],
    reason: 'without merging it',
  },
  {
    situation: 'a convoy whose landing was closed needs attention',
    town: {
      rigs: [forgeRig(at)],
      convoys: [
        convoy('c', {
          state: 'landing',
          landingMergeRequestId: 'm',
          beads: [{ id: 'x', outcome: 'closed' }],
        }),
      ],
      mergeRequests: [
        landing('m', 'c', {
          stage: 'open',
          headSha: sha(3),
          candidate: CANDIDATE,
          pullRequest: pullRequest({ closedSince: T0 }),
        }),
      ],
    },
    afterMs: minutes(60),
    decides: ['mergeRequest m: open → failed', 'convoy c: landing → needs_attention'],
  },
  ...(['queued', 'checking', 'reviewing'] as const).map((stage) => ({
    situation: `what is ${stage} is not merged`,
    town: of({}, { stage }),
    waits: [],
  })),
]);

test('the merge names the head that was evaluated, and is not begun after ten minutes', () => {
  const { outbox } = runRules([pullRequestMerge], town(of()));
  expect(outbox.put.map(({ key, effect }) => ({ key, effect }))).toEqual([
    {
      key: 'merge_pull_request:m:2',
      effect: {
        type: 'merge_pull_request',
        mergeRequestId: 'm',
        n: 2,
        headSha: sha(3),
        notAfter: T0 + minutes(10),
      },
    },
  ]);
});
