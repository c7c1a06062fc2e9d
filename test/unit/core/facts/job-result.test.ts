import { expect, test } from 'vitest';
import type { JobResult } from '../../../../core/protocol/job.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  asPullRequest,
  bead,
  CANDIDATE,
  claimedBead,
  convoy,
  forgeRig,
  jobDone,
  landing,
  mergeRequest,
  pullRequest,
  reviewedBead,
  rig,
  sha,
  T0,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const verified: JobResult = { outcome: 'verified', headSha: sha(9), commits: 2 };
const refused: JobResult = { outcome: 'refused', reason: 'no_commits', detail: 'no commit on gt/a' };
const passed: JobResult = { outcome: 'passed', headSha: sha(9), ...CANDIDATE };
const merged: JobResult = { outcome: 'merged', mergeSha: sha(10) };
const stale: JobResult = { outcome: 'stale', reason: 'target_moved' };
const conflict: JobResult = { outcome: 'conflict', files: ['a.ts', 'b.ts'] };
const gateFailed: JobResult = {
  outcome: 'gate_failed',
  gate: 'npm test',
  exitCode: 1,
  outputTail: 'expected 1',
};
const error: JobResult = { outcome: 'error', code: 'network', message: 'no route' };
const nothing: JobResult = { outcome: 'nothing_to_merge' };

const verify = (result: JobResult, over: Parameters<typeof claimedBead>[2] = {}) => ({
  beads: [claimedBead('a', 'x', over)],
  agents: [worker('x', 'a')],
  ...jobDone('verify', result),
});
const inQueue = (result: JobResult, over: Partial<MergeRequest>) => ({
  beads: [reviewedBead('a')],
  mergeRequests: [mergeRequest('m', 'a', { stage: 'checking', jobId: 'j', ...over })],
  ...jobDone('j', result),
});
const check = (result: JobResult, over: Partial<MergeRequest> = {}) => inQueue(result, over);
const merge = (result: JobResult, over: Partial<MergeRequest> = {}) =>
  inQueue(result, { stage: 'merging', candidate: CANDIDATE, ...over });
const asPr = (result: JobResult, over: Partial<MergeRequest> = {}) => ({
  ...inQueue(result, { pullRequest: pullRequest(), ...over }),
  rigs: [forgeRig()],
});
const repaired = (result: JobResult) => ({
  rigs: [forgeRig()],
  beads: [reviewedBead('b'), { ...claimedBead('a', 'x'), repairOf: 'm' }],
  mergeRequests: [asPullRequest('m', 'b', { repairBeadId: 'a', problem: 'gate failed' })],
  agents: [worker('x', 'a')],
  ...jobDone('verify', result),
});
/** Eight that are checked together; `ma` holds the slot. */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const together = (result: JobResult, over: (name: string) => Partial<MergeRequest> = () => ({})) => ({
  beads: NAMES.map((name) => reviewedBead(name)),
  mergeRequests: NAMES.map((name, n) =>
    mergeRequest(`m${name}`, name, {
      headSha: sha(20 + n),
      ...(n === 0
        ? {
            stage: 'checking' as const,
            jobId: 'j',
            batch: NAMES.slice(1).map((other, place) => ({
              id: `m${other}`,
              title: other,
              branch: `gt/${other}`,
              headSha: sha(21 + place),
            })),
          }
        : {}),
      ...over(name),
    }),
  ),
  ...jobDone('j', result),
});
const trial = (n: number) => ({ targetSha: sha(40 + n), candidateSha: sha(41 + n) });
const allPassed: JobResult = {
  outcome: 'passed',
  headSha: sha(27),
  ...trial(7),
  ahead: NAMES.slice(0, 7).map((name, n) => ({ mergeRequestId: `m${name}`, ...trial(n) })),
};
const batchAfter = (result: JobResult, over?: (name: string) => Partial<MergeRequest>) =>
  left(together(result, over))
    .filter(({ kind }) => kind === 'mergeRequest')
    .sort((x, y) => (x.id < y.id ? -1 : 1));

const land = (result: JobResult, over: Partial<MergeRequest> = {}) => ({
  convoys: [convoy('k', { state: 'landing', landingMergeRequestId: 'm' })],
  mergeRequests: [landing('m', 'k', { stage: 'checking', jobId: 'j', ...over })],
  ...jobDone('j', result),
});

rows([
  {
    situation: 'verify: a pull request is repaired, and checked again',
    town: repaired(verified),
    applied: 1,
    decides: ['bead a: in_progress → closed', 'mergeRequest m: open → queued'],
    reason: 'verified: 2 commits',
  },
  {
    situation: 'verify: a repair that does not hold is refused like any other claim',
    town: repaired(refused),
    applied: 1,
    decides: ['bead a'],
  },
  {
    situation: 'check: a pull request whose gate fails stays open, and a bead repairs it',
    town: asPr(gateFailed),
    applied: 1,
    decides: ['mergeRequest m: checking → open', expect.stringMatching(/^bead .*: → open$/)],
    reason: 'gate failed: npm test',
  },
  {
    situation: 'check: a pull request that conflicts stays open, and a bead repairs it',
    town: asPr(conflict),
    applied: 1,
    decides: ['mergeRequest m: checking → open', expect.stringMatching(/^bead .*: → open$/)],
  },
  {
    situation: 'check: a pull request that passes is open for the forge again',
    town: asPr(passed),
    applied: 1,
    decides: ['mergeRequest m: checking → reviewing'],
  },
  {
    situation: 'verify: the claim holds',
    town: verify(verified),
    applied: 1,
    decides: ['bead a: in_progress → in_review', expect.stringMatching(/^mergeRequest .*: → queued$/)],
    reason: 'verified: 2 commits on gt/a',
  },
  {
    situation: 'verify: the claim does not hold',
    town: verify(refused),
    applied: 1,
    decides: ['bead a'],
    reason: 'no commit on gt/a',
  },
  {
    situation: 'verify: an error is tried again',
    town: verify(error),
    applied: 1,
    decides: ['bead a'],
    reason: 'no route (network)',
  },
  {
    situation: 'verify: however often it errs, the claim stands: an outage is no fault of the bead',
    town: verify(error, { jobErrors: 40 }),
    applied: 1,
    decides: ['bead a'],
    reason: 'verification failed, trying again',
  },
  {
    situation: 'verify: what does not belong to the job is an error, too',
    town: verify(merged),
    applied: 1,
    decides: ['bead a'],
    reason: 'unexpected outcome merged',
  },
  {
    situation: 'a job that nobody waits for',
    town: { ...verify(verified), ...jobDone('another', verified) },
  },
  {
    situation: 'check: it passed, and reviews are on',
    town: check(passed),
    applied: 1,
    decides: ['mergeRequest m: checking → reviewing'],
  },
  {
    situation: 'check: it passed, and reviews are off',
    town: { ...check(passed), rigs: [rig({ config: { refinery: { codeReview: false } } })] },
    applied: 1,
    decides: ['mergeRequest m: checking → open'],
    reason: 'reviews are off',
  },
  {
    situation: 'check: the target has it already',
    town: check(nothing),
    applied: 1,
    decides: ['mergeRequest m: checking → merged', 'bead a: in_review → closed'],
    reason: 'main has it already',
  },
  {
    situation: 'check: a conflict sends the bead back',
    town: check(conflict),
    applied: 1,
    decides: ['mergeRequest m: checking → failed', 'bead a: in_review → open'],
    reason: 'gt/a conflicts with main in a.ts, b.ts',
  },
  {
    situation: 'check: a failed gate sends the bead back',
    town: check(gateFailed),
    applied: 1,
    decides: ['mergeRequest m: checking → failed', 'bead a: in_review → open'],
    reason: 'gate failed: npm test (exit code 1)',
  },
  {
    situation: 'check: an error is tried again',
    town: check(error),
    applied: 1,
    decides: ['mergeRequest m'],
  },
  {
    situation: 'check: however often it errs, it is tried again: an outage is no fault of the branch',
    town: check(error, { jobErrors: 40 }),
    applied: 1,
    decides: ['mergeRequest m'],
    reason: 'job failed, trying again',
  },
  {
    situation: 'merge: done',
    town: merge(merged),
    applied: 1,
    decides: ['mergeRequest m: merging → merged', 'bead a: in_review → closed'],
    reason: 'merged into main as 00000000',
  },
  {
    situation: 'merge: the target has moved, so it is checked again',
    town: merge(stale),
    applied: 1,
    decides: ['mergeRequest m: merging → checking'],
    reason: 'target_moved',
  },
  {
    situation: 'merge: a target that never stands still sends the bead back',
    town: merge(stale, { staleCount: 9 }),
    applied: 1,
    decides: ['mergeRequest m: merging → failed', 'bead a: in_review → open'],
    reason: 'main moved 10 times between check and merge',
  },
  {
    situation: 'landing: done, and so is the convoy',
    town: land(merged, { stage: 'merging', candidate: CANDIDATE }),
    applied: 1,
    decides: ['mergeRequest m: merging → merged', 'convoy k: landing → landed'],
  },
  {
    situation: 'landing: a branch without work fails',
    town: land(nothing),
    applied: 1,
    decides: ['mergeRequest m: checking → failed'],
    reason: 'convoy/k/head has no commit that main lacks',
  },
  {
    situation: 'landing: a conflict fails it',
    town: land(conflict),
    applied: 1,
    decides: [
      'mergeRequest m: checking → failed',
      'bead 019b76da-a800-7863-ac77-cfdff0a4e8d6: → open',
      'convoy k: landing → active',
    ],
  },
]);

test('what was verified is queued, at that head; the agent is free', () => {
  expect(left(verify(verified))).toMatchObject([
    { kind: 'bead', status: 'in_review', done: undefined, feedback: undefined, assigneeAgentId: undefined },
    { kind: 'mergeRequest', op: 'create', stage: 'queued', branch: 'gt/a', headSha: sha(9), target: 'main' },
    { kind: 'agent', status: 'idle' },
  ]);
});

test('a bead of a convoy that lands together merges to its feature branch', () => {
  const parts = {
    ...verify(verified),
    beads: [{ ...claimedBead('a', 'x'), convoyId: 'k' }],
    convoys: [convoy('k', { beads: [{ id: 'a', outcome: 'open' }] })],
  };
  expect(left(parts)[1]).toMatchObject({ kind: 'mergeRequest', target: 'convoy/k/head' });
});

test('what passed is kept with the commits that it was checked on', () => {
  expect(left(check(passed, { jobErrors: 3, lastJobErrorAt: T0, lastJobError: 'x' }))).toMatchObject([
    { candidate: CANDIDATE, headSha: sha(9), jobId: undefined, jobErrors: 0, lastJobErrorAt: undefined },
  ]);
});

test.each([
  { result: conflict, feedback: ['conflicts with main in a.ts, b.ts', 'Merge origin/main into your branch'] },
  { result: gateFailed, feedback: ['gate failed: npm test', 'expected 1'] },
])('the next attempt is told what to do about: $result.outcome', ({ result, feedback }) => {
  const [after] = left(check(result));
  expect(after).toMatchObject({ status: 'open', cooldownFrom: undefined });
  for (const part of feedback) expect(after).toHaveProperty('feedback', expect.stringContaining(part));
});

test('feedback keeps the end of an output that is too long', () => {
  const [after] = left(check({ ...gateFailed, outputTail: `${'x'.repeat(9000)}the last line` }));
  expect(after).toHaveProperty('feedback', expect.stringMatching(/^…x+the last line$/));
  const [told] = left(verify({ ...refused, detail: 'y'.repeat(9000) }));
  for (const record of [after, told]) {
    expect(record !== undefined && 'feedback' in record && record.feedback?.length).toBeLessThanOrEqual(4096);
  }
});

test('a merged bead opens the way for those that wait for it', () => {
  const edge = { id: 'a', outcome: 'open' } as const;
  const parts = {
    ...merge(merged),
    beads: [reviewedBead('a', { convoyId: 'k' }), bead('b', { dependsOn: [edge], convoyId: 'k' })],
    convoys: [convoy('k', { beads: [edge, { id: 'b', outcome: 'open' }] })],
  };
  expect(left(parts)).toMatchObject([
    { id: 'b', dependsOn: [{ id: 'a', outcome: 'closed' }] },
    { id: 'k', beads: [{ id: 'a', outcome: 'closed' }, { outcome: 'open' }] },
    { op: 'archive', id: 'm', stage: 'merged', mergeSha: sha(10) },
    { op: 'archive', id: 'a', status: 'closed' },
  ]);
});

test('a repair gives its head to the merge request, which forgets what was wrong', () => {
  const mr = left(repaired(verified)).find(({ id }) => id === 'm');
  expect(mr).toMatchObject({
    stage: 'queued',
    headSha: sha(9),
    candidate: undefined,
    pullRequest: { number: 5, problem: undefined, observedAt: 0 },
  });
});

test('a pull request that the town does not accept says why, and is not merged before it is checked again', () => {
  const mr = left(asPr(gateFailed)).find(({ id }) => id === 'm');
  expect(mr).toMatchObject({
    stage: 'open',
    candidate: undefined,
    pullRequest: { problem: 'gate failed: npm test (exit code 1)', repairs: 1, readySince: undefined },
  });
});

test('a batch that passes gives each its own trial merge, behind the one before', () => {
  expect(batchAfter(allPassed)).toMatchObject(
    NAMES.map((name, n) => ({
      id: `m${name}`,
      stage: n === 0 ? 'reviewing' : 'queued',
      headSha: sha(20 + n),
      candidate: trial(n),
      behind: n === 0 ? undefined : `m${NAMES[n - 1]}`,
    })),
  );
});

test('what comes after one that has changed meanwhile gets none', () => {
  const after = batchAfter(allPassed, (name) => (name === 'c' ? { headSha: sha(99) } : {}));
  expect(after.map(({ id }) => id)).toEqual(['ma', 'mb']);
});

test('a batch that fails is halved; what may hold the culprit is halved once more', () => {
  const after = batchAfter(gateFailed, (name) =>
    name === 'a' ? {} : { batchLimit: name === 'h' ? 2 : undefined },
  );
  const limits = Object.fromEntries(
    after.map((one) => [one.id, 'batchLimit' in one ? one.batchLimit : undefined]),
  );
  expect(limits).toEqual({ ma: 4, mb: 4, mc: 4, md: 4, me: 2, mf: 2, mg: 2 });
  expect(after[0]).toMatchObject({
    stage: 'checking',
    jobId: undefined,
    batch: [{ id: 'mb' }, { id: 'mc' }, { id: 'md' }],
  });
});

test.each([
  { what: 'one in the middle conflicts', result: { ...conflict, mergeRequestId: 'md' }, batch: ['mb', 'mc'] },
  { what: 'the last conflicts', result: conflict, batch: ['mb', 'mc', 'md', 'me', 'mf', 'mg'] },
  { what: 'the last has nothing to merge', result: nothing, batch: ['mb', 'mc', 'md', 'me', 'mf', 'mg'] },
])('$what: the others are checked without it', ({ result, batch }) => {
  const [first] = batchAfter(result);
  expect(first).toMatchObject({ id: 'ma', stage: 'checking', batch: batch.map((id) => ({ id })) });
});

test('the first of a batch that conflicts does so with its target: that is its own', () => {
  const outcome = batchAfter({ ...conflict, mergeRequestId: 'ma' });
  expect(outcome).toMatchObject([{ id: 'ma', stage: 'failed', failure: { code: 'conflict' } }]);
});

test.each([
  { what: 'merged: the next one holds', result: merged, candidate: CANDIDATE, after: ['mb'] },
  { what: 'failed: those after it are checked again', result: error, candidate: CANDIDATE, after: [] },
])('$what', ({ result, after }) => {
  const found = batchAfter(result, (name) => {
    if (name === 'a') return { stage: 'merging', batch: undefined, candidate: CANDIDATE };
    if (name === 'b') return { candidate: CANDIDATE, behind: 'ma' };
    return name === 'c' ? { candidate: CANDIDATE, behind: 'mb' } : {};
  });
  expect(found.filter(({ id }) => id !== 'ma').map(({ id }) => id)).toEqual(after);
});

test('whoever leaves a batch takes the trial merges of those after it along', () => {
  const found = batchAfter(gateFailed, (name) => {
    if (name === 'a') return { batch: undefined };
    if (name === 'b') return { candidate: CANDIDATE, behind: 'ma' };
    return name === 'c' ? { candidate: CANDIDATE, behind: 'mb' } : {};
  });
  expect(found).toMatchObject([
    { id: 'ma', stage: 'failed' },
    { id: 'mb', candidate: undefined, behind: undefined },
    { id: 'mc', candidate: undefined, behind: undefined },
  ]);
});
