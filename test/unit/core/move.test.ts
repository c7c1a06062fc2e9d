import { expect, test } from 'vitest';
import { importedRecord } from '../../../core/move/imported-record.ts';
import { exportNow, type ExportRecord } from '../../../core/move/export-record.ts';
import { NewIds } from '../../../core/move/new-ids.ts';
import { isStorable } from '../../../core/move/storable.ts';
import type { OutboxRow } from '../../../core/effects.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { MergeRequest } from '../../../core/town/merge-request.ts';
import { noUsage } from '../../../core/town/usage.ts';

const A = '019b8d3c-7a00-7c3e-8f14-2f6f6c1f9a01';
const B = '019b8d3c-7a01-7c3e-8f14-2f6f6c1f9a02';
const FOREIGN = '019b8d3c-7a02-7c3e-8f14-2f6f6c1f9a03';
const ids = new NewIds('import-1', new Set([A, B]));

test('new ids are the same in the same import, others in another, and keep the order in time', () => {
  expect(ids.of(A)).toBe(new NewIds('import-1', new Set()).of(A));
  expect(ids.of(A)).not.toBe(new NewIds('import-2', new Set([A])).of(A));
  expect(ids.of(A)).not.toBe(ids.of(B));
  expect(ids.of(A).slice(0, 13)).toBe(A.slice(0, 13));
  expect(ids.of(A) < ids.of(B)).toBe(true);
});

/** Situation, what was there, what is there afterwards, and why. */
const mapped: readonly [string, object, object][] = [
  ['a reference to a record of the town', { id: A, rigId: B }, { id: ids.of(A), rigId: ids.of(B) }],
  [
    'a reference to something else: nothing may point out of the town',
    { beadId: FOREIGN },
    { beadId: ids.of(FOREIGN) },
  ],
  [
    'an id inside of a text',
    { reason: `depends on ${A}, ${A}` },
    { reason: `depends on ${ids.of(A)}, ${ids.of(A)}` },
  ],
  ["somebody's own id inside of a text", { title: `see ${FOREIGN}` }, { title: `see ${FOREIGN}` }],
  ['an id in a list', { dependsOn: [A, 'x'] }, { dependsOn: [ids.of(A), 'x'] }],
  ['edges', { dependsOn: [{ id: A, outcome: 'open' }] }, { dependsOn: [{ id: ids.of(A), outcome: 'open' }] }],
  [
    'who made it, even one with such an id',
    { createdBy: A, by: A, acknowledgedBy: A },
    { createdBy: A, by: A, acknowledgedBy: A },
  ],
  ['an id that is none', { id: '3', agentId: '' }, { id: '3', agentId: '' }],
  ['other values', { count: 1, isHeld: true, at: null }, { count: 1, isHeld: true, at: null }],
];
test.each(mapped)('%s', (_, before, after) => {
  expect(ids.in(before)).toEqual(after);
});

const bead = (over: Partial<Bead>): Bead => ({
  id: A,
  rev: 3,
  type: 'issue',
  rigId: B,
  title: 'A bead',
  hasBody: false,
  status: 'open',
  statusSince: 1,
  priority: 'medium',
  labels: [],
  isHeld: false,
  dependsOn: [],
  attempt: 2,
  doneRefusals: 1,
  usage: noUsage,
  createdBy: 'maker',
  createdAt: 0,
  updatedAt: 1,
  ...over,
});
const done = { agentId: B, branch: 'gt/x', at: 1, jobId: 'verify.1', jobErrors: 2, lastJobErrorAt: 1 };
const to = { at: 100, isMayor: (id: string) => id === A };

const beads: readonly [string, Partial<Bead>, Partial<Bead>][] = [
  ['open: it stays so', {}, { status: 'open', attempt: 2, statusSince: 1 }],
  ['in review: its merge request carries it', { status: 'in_review' }, { status: 'in_review' }],
  [
    'in progress: its session is not there; the branch is, and the attempt does not count',
    { status: 'in_progress', assigneeAgentId: B, branch: 'gt/x' },
    {
      status: 'open',
      assigneeAgentId: undefined,
      branch: 'gt/x',
      attempt: 2,
      attemptBase: 1,
      statusSince: 100,
    },
  ],
  [
    'in progress and said to be done: what was pushed is verified without the agent',
    { status: 'in_progress', assigneeAgentId: B, done },
    {
      status: 'in_progress',
      assigneeAgentId: undefined,
      done: { agentId: B, branch: 'gt/x', at: 1, jobErrors: 0 },
    },
  ],
];
test.each(beads)('a bead that is %s', (_, before, after) => {
  expect(importedRecord('bead', bead(before), to)).toMatchObject(after);
});

const mr = (over: Partial<MergeRequest>): MergeRequest => ({
  id: A,
  rev: 1,
  rigId: B,
  subject: { kind: 'bead', id: B },
  title: 'x',
  branch: 'gt/x',
  target: 'main',
  headSha: 'h',
  stage: 'checking',
  stageSince: 1,
  jobId: 'checking.1',
  jobCount: 4,
  jobErrors: 1,
  candidate: { targetSha: 't', candidateSha: 'c' },
  staleCount: 0,
  reviewerAgentId: B,
  reviewAttempt: 2,
  createdAt: 0,
  updatedAt: 1,
  ...over,
});
/** Stage, then stage, candidate and review attempt after the move, and why. */
const stages: readonly [MergeRequest['stage'], MergeRequest['stage'], boolean, number, string][] = [
  ['queued', 'queued', false, 2, 'nothing was begun'],
  ['checking', 'queued', false, 2, 'the job was of the old container'],
  ['reviewing', 'queued', false, 1, 'the review was interrupted, and is no attempt'],
  ['open', 'queued', false, 2, 'the trial merge is in the old mirror'],
  ['merging', 'merging', true, 2, 'the push may have happened: the job finds out'],
];
test.each(stages)(
  'a merge request that is %s becomes %s',
  (stage, after, hasCandidate, reviewAttempt, why) => {
    const moved = importedRecord('mergeRequest', mr({ stage }), to);
    expect(moved, `why: ${why}`).toMatchObject({ stage: after, reviewAttempt, jobCount: 4, headSha: 'h' });
    expect([moved?.jobId, moved?.reviewerAgentId, moved?.candidate !== undefined]).toEqual([
      undefined,
      undefined,
      hasCandidate,
    ]);
  },
);

test('what is written to the mayor waits for its next session; other mail ended with its session', () => {
  const mail = { id: B, rev: 1, attempt: 1, text: 'x', createdAt: 0, updatedAt: 0 };
  expect(importedRecord('mail', { ...mail, agentId: A }, to)).toMatchObject({ text: 'x' });
  expect(importedRecord('mail', { ...mail, agentId: B }, to)).toBeUndefined();
});

const record: ExportRecord = { id: A, state: 'running', error: 'busy', createdAt: 0, updatedAt: 0 };
const row: OutboxRow = {
  key: 'export_town:1',
  effect: { type: 'export_town', exportId: A },
  decisionId: '1-0',
  attempt: 5,
  sentAt: 0,
  createdAt: 0,
};
const gaveUp = { ...row, exhaustedAt: 1, lastError: { code: 'x', message: 'no access' } };
const exportsNow: readonly [string, ExportRecord['state'], OutboxRow | undefined, object][] = [
  ['is tried again: not over', 'running', row, { state: 'running', error: 'busy' }],
  ['was given up: failed', 'running', gaveUp, { state: 'failed', error: 'no access' }],
  ['was never begun and given up: failed', 'pending', gaveUp, { state: 'failed', error: 'no access' }],
  ['is ready, though its answer was lost', 'ready', gaveUp, { state: 'ready', error: 'busy' }],
  ['has no row yet, or no more', 'pending', undefined, { state: 'pending', error: 'busy' }],
];
test.each(exportsNow)('an export that %s', (_, state, outboxRow, now) => {
  expect(exportNow({ ...record, state }, outboxRow)).toEqual(now);
});

test('values are kept as they are or refused', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
  expect(isStorable({ a: [1, 'x', null, -0.5] })).toBe(true);
  expect([isStorable(2 ** 53), isStorable(Infinity), isStorable([1e300])]).toEqual([false, false, false]);
  expect([isStorable(nested(28)), isStorable(nested(29))]).toEqual([true, false]);
});
