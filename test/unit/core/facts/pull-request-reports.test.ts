import { expect, test } from 'vitest';
import type { MessageFact } from '../../../../core/facts/message.ts';
import type { AskFailure, Observation } from '../../../../core/pull-request/observation.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import type { MergeRequest, PullRequest } from '../../../../core/town/merge-request.ts';
import {
  applyFacts,
  asPullRequest,
  convoy,
  decided,
  forgeRig,
  landing,
  observation,
  outboxRow,
  pullRequest,
  reviewedBead,
  reviewer,
  sha,
  T0,
  town,
  CANDIDATE,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const approval = [{ kind: 'needsApproval', who: 'human', detail: 'an approval' }] as const;
const failure = (kind: AskFailure['failure']['kind'], over = {}): AskFailure => ({
  mergeRequestId: 'm',
  failure: { kind, message: `GitHub: ${kind}`, ...over },
});
const ASKED = outboxRow('run_task', {
  key: 'observe_pull_requests',
  effect: { type: 'observe_pull_requests', mergeRequestIds: ['m'] },
});
/** The answer to a look. */
const said = (report: Observation | AskFailure): Extract<MessageFact, { type: 'effect_result' }> => ({
  type: 'effect_result',
  key: ASKED.key,
  attempt: 1,
  result: { ok: true, reports: [report] },
});
const of = (pr: Partial<PullRequest> = {}, over: Partial<MergeRequest> = {}) => ({
  rigs: [forgeRig()],
  beads: [reviewedBead('a')],
  mergeRequests: [asPullRequest('m', 'a', pr, over)],
  outbox: [ASKED],
});

rows([
  { situation: 'nothing has changed', town: of(), facts: [said(observation())], applied: 1 },
  {
    situation: 'of a merge request that is over',
    town: { outbox: [ASKED] },
    facts: [said(observation())],
    applied: 1,
  },
  {
    situation: 'it is merged, by whomever: its bead is closed',
    town: of(),
    facts: [said(observation({ state: 'merged', mergeSha: sha(9) }))],
    applied: 1,
    decides: ['mergeRequest m: open → merged', 'bead a: in_review → closed'],
    reason: 'pull request 5 is merged into main as 00000000',
  },
  {
    situation: 'it is merged while it is reviewed again: the reviewer stops',
    town: { ...of({}, { stage: 'reviewing', reviewerAgentId: 'r' }), agents: [reviewer('r', 'm')] },
    facts: [said(observation({ state: 'merged' }))],
    applied: 1,
    decides: ['mergeRequest m: reviewing → merged', 'bead a: in_review → closed'],
  },
  {
    situation: 'a landing is merged: its convoy has landed',
    town: {
      rigs: [forgeRig()],
      outbox: [ASKED],
      convoys: [convoy('c', { state: 'landing', landingMergeRequestId: 'm' })],
      mergeRequests: [
        landing('m', 'c', {
          stage: 'open',
          headSha: sha(3),
          candidate: CANDIDATE,
          pullRequest: pullRequest(),
        }),
      ],
    },
    facts: [said(observation({ state: 'merged' }))],
    applied: 1,
    decides: ['mergeRequest m: open → merged', 'convoy c: landing → landed'],
  },
  {
    situation: 'an approval is missing now',
    town: of(),
    facts: [said(observation({ blockers: [...approval] }))],
    applied: 1,
    decides: ['mergeRequest m: → awaitingApproval'],
  },
  {
    situation: 'it is still missing: that is no news',
    town: of({ blockers: [...approval], awaitingApprovalSince: T0 }),
    facts: [said(observation({ blockers: [...approval] }))],
    applied: 1,
  },
  {
    situation: 'it is there',
    town: of({ blockers: [...approval], awaitingApprovalSince: T0 - minutes(90) }),
    facts: [said(observation())],
    applied: 1,
    decides: ['mergeRequest m: awaitingApproval'],
    reason: 'after 90 minutes',
  },
  {
    situation: 'somebody has closed it',
    town: of(),
    facts: [said(observation({ state: 'closed' }))],
    applied: 1,
    decides: ['mergeRequest m: → pullRequestClosed'],
  },
  {
    situation: 'somebody has opened it again',
    town: of({ closedSince: T0 }),
    facts: [said(observation())],
    applied: 1,
    decides: ['mergeRequest m: pullRequestClosed'],
  },
  {
    situation: 'somebody has pushed to its branch: it is checked again',
    town: of(),
    facts: [said(observation({ headSha: sha(8) }))],
    applied: 1,
    decides: ['mergeRequest m: open → queued'],
    reason: 'its head is 00000000 now',
  },
  {
    situation: 'somebody has changed its target: it is checked again',
    town: of(),
    facts: [said(observation({ baseBranch: 'next' }))],
    applied: 1,
    decides: ['mergeRequest m: open → queued'],
    reason: 'its target is next now',
  },
  ...(['queued', 'checking', 'reviewing', 'merging'] as const).map((stage) => ({
    situation: `a push while it is ${stage} is seen when it is open again`,
    town: of({}, { stage }),
    facts: [said(observation({ headSha: sha(8) }))],
    applied: 1,
  })),
  {
    situation: 'what is older than the last look changes nothing',
    town: of({ at: T0 + 2 }),
    facts: [said(observation({ state: 'merged' }))],
    applied: 1,
  },
  {
    situation: 'another pull request of the same branch is not this one',
    town: of(),
    facts: [said(observation({ number: 6, state: 'merged' }))],
    applied: 1,
  },
  {
    situation: 'one server error is no news',
    town: of(),
    facts: [said(failure('http_error'))],
    applied: 1,
  },
  {
    situation: 'an answer that is not understood is, the third time',
    town: of(
      {},
      { forgeFailures: [{ kind: 'invalid_response', message: 'x', count: 2, since: T0, lastAt: T0 }] },
    ),
    facts: [said(failure('invalid_response'))],
    applied: 1,
    decides: ['mergeRequest m: → pollFailed'],
    reason: 'invalid_response: GitHub: invalid_response',
  },
  {
    situation: 'two server errors and one answer that is not understood are not three of anything (#3157)',
    town: of({}, { forgeFailures: [{ kind: 'http_error', message: 'x', count: 2, since: T0, lastAt: T0 }] }),
    facts: [said(failure('invalid_response'))],
    applied: 1,
  },
  {
    situation: 'a token that is refused is news at once',
    town: of(),
    facts: [said(failure('unauthorized'))],
    applied: 1,
    decides: ['mergeRequest m: → pollFailed'],
  },
  {
    situation: 'and once only',
    town: of(
      {},
      { forgeFailures: [{ kind: 'unauthorized', message: 'x', count: 1, since: T0, lastAt: T0 }] },
    ),
    facts: [said(failure('unauthorized'))],
    applied: 1,
  },
  {
    situation: 'a limit of the forge never is',
    town: of(
      {},
      { forgeFailures: [{ kind: 'rate_limited', message: 'x', count: 500, since: T0, lastAt: T0 }] },
    ),
    facts: [said(failure('rate_limited', { until: T0 + minutes(30) }))],
    applied: 1,
  },
]);

const after = (pr: Partial<PullRequest>, report: Observation | AskFailure) =>
  left(of(pr), [said(report)]).find(({ id }) => id === 'm');
const asked = ASKED.createdAt;

test.each([
  {
    what: 'a look that finds nothing leaves looks rare where the forge tells of changes',
    before: { heardAt: asked - 9, lookedFrom: asked - 5 },
    report: observation(),
    heardAt: asked - 9,
  },
  {
    what: 'a push that nobody told of makes them frequent',
    before: { heardAt: asked - 9, lookedFrom: asked - 5 },
    report: observation({ headSha: sha(8) }),
    heardAt: undefined,
  },
  {
    what: 'so does an approval that nobody told of',
    before: { heardAt: asked - 9, lookedFrom: asked - 5, awaitingApprovalSince: 1 },
    report: observation(),
    heardAt: undefined,
  },
  {
    what: 'what was told of since the last look was not missed',
    before: { heardAt: asked - 1, lookedFrom: asked - 5, awaitingApprovalSince: 1 },
    report: observation(),
    heardAt: asked - 1,
  },
])('$what', ({ before, report, heardAt }) => {
  expect(after(before, report)).toMatchObject({ pullRequest: { heardAt, lookedFrom: asked } });
});

test('since when nothing blocks it is kept for one head', () => {
  expect(after({ readySince: 7 }, observation())).toMatchObject({ pullRequest: { readySince: 7 } });
  expect(after({ readySince: undefined }, observation())).toMatchObject({ pullRequest: { readySince: T0 } });
  expect(after({ readySince: 7 }, observation({ blockers: [...approval] }))).toMatchObject({
    pullRequest: { readySince: undefined },
  });
});

test('one success clears all failures', () => {
  const failures = [{ kind: 'http_error', message: 'x', count: 9, since: T0, lastAt: T0 }] as const;
  const [mr] = left(of({}, { forgeFailures: [...failures] }), [said(observation())]);
  expect(mr).toMatchObject({ forgeFailures: undefined });
});

test('a failure keeps its own count and beginning', () => {
  const failures = [
    { kind: 'http_error', message: 'x', count: 4, since: T0 - seconds(60), lastAt: T0 - 1 },
    { kind: 'invalid_response', message: 'y', count: 1, since: T0 - 5, lastAt: T0 - 5 },
  ] as const;
  const [mr] = left(of({}, { forgeFailures: [...failures] }), [said(failure('http_error'))]);
  expect(mr).toMatchObject({
    forgeFailures: [
      failures[1],
      { kind: 'http_error', message: 'GitHub: http_error', count: 5, since: T0 - seconds(60), lastAt: T0 },
    ],
  });
});

test('a merge request that has just become a pull request says which', () => {
  const parts = {
    ...of(),
    mergeRequests: [
      asPullRequest('m', 'a', { number: undefined, url: undefined, at: 0, readySince: undefined }),
    ],
  };
  const outcome = applyFacts(town(parts), [said(observation())]);
  expect(decided(outcome)).toEqual(['mergeRequest m']);
  expect(outcome.decisions[0]?.reason).toBe(
    'it is the pull request https://github.com/owner/repository/pull/5',
  );
});

const queued = [{ kind: 'inMergeQueue', who: 'platform', detail: 'it is in the queue' }] as const;
test.each([
  {
    what: 'one that the merge queue of the forge puts out is counted',
    before: { blockers: [...queued] },
    report: observation(),
    drops: 1,
  },
  {
    what: 'and once more the next time',
    before: { blockers: [...queued], queueDrops: 1 },
    report: observation(),
    drops: 2,
  },
  {
    what: 'one that is still in there is not',
    before: { blockers: [...queued] },
    report: observation({ blockers: [...queued] }),
    drops: undefined,
  },
  {
    what: 'a head that somebody pushed begins anew',
    before: { blockers: [...queued], queueDrops: 2 },
    report: observation({ headSha: sha(8) }),
    drops: undefined,
  },
])('$what', ({ before, report, drops }) => {
  expect(after(before, report)).toMatchObject({ pullRequest: { queueDrops: drops } });
});
