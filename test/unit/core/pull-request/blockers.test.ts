import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockerKind, blockerSchema, MAX_DETAIL_CHARS } from '../../../../core/pull-request/blocker.ts';
import { blockersOf } from '../../../../core/pull-request/blockers.ts';
import { observationOf, observationSchema } from '../../../../core/pull-request/observation.ts';
import type { Check, PullRequestSnapshot } from '../../../../core/pull-request/snapshot.ts';
import { green, thread } from './snapshot.ts';

const checks = (...states: Check['state'][]): Partial<PullRequestSnapshot> => ({
  checks: { items: states.map((state, index) => ({ name: `check-${index}`, state })), isComplete: true },
});
const asked = (...isOnHead: boolean[]): Partial<PullRequestSnapshot> => ({
  reviewDecision: 'changesRequested',
  changeRequests: isOnHead.map((each) => ({ author: 'ada', body: 'Rename it.', isOnHead: each })),
});

/** What differs from green, and the blockers as `kind who`. */
const ROWS: readonly (readonly [string, Partial<PullRequestSnapshot>, readonly string[]])[] = [
  ['nothing', {}, []],
  ['no review is wanted', { reviewDecision: 'none' }, []],
  ['no checks', checks(), []],
  ['a conflict', { mergeable: 'conflict', mergeState: 'blocked' }, ['conflict agent']],
  ['a conflict, behind', { mergeable: 'conflict', mergeState: 'behind' }, ['conflict agent']],
  ['behind', { mergeState: 'behind' }, ['behindBase agent']],
  ['behind, mergeable unknown', { mergeState: 'behind', mergeable: 'unknown' }, ['behindBase agent']],
  ['mergeable unknown', { mergeable: 'unknown' }, ['unknownYet platform']],
  ['state unknown', { mergeState: 'unknown' }, ['unknownYet platform']],
  ['blocked for no reason that is seen', { mergeState: 'blocked' }, ['policyRefused human']],
  [
    'blocked, an approval is missing',
    { mergeState: 'blocked', reviewDecision: 'reviewRequired' },
    ['needsApproval human'],
  ],
  ['blocked, a draft', { mergeState: 'blocked', isDraft: true }, ['draft human']],
  ['a draft', { isDraft: true }, ['draft human']],
  ["in the forge's merge queue", { isInMergeQueue: true }, ['inMergeQueue platform']],
  [
    "blocked, in the forge's merge queue",
    { isInMergeQueue: true, mergeState: 'blocked' },
    ['inMergeQueue platform'],
  ],
  ['an approval is missing', { reviewDecision: 'reviewRequired' }, ['needsApproval human']],
  ['the decision is unknown', { reviewDecision: 'unknown' }, ['unknownYet platform']],
  ['changes of the head', asked(true), ['changesRequested agent']],
  ['changes of an earlier head', asked(false), ['changesRequested human']],
  ['changes of both', asked(false, true), ['changesRequested agent']],
  ['changes by nobody that can be seen', asked(), ['changesRequested human']],
  ['a check failed', { ...checks('passed', 'failed'), mergeState: 'unstable' }, ['checkFailed agent']],
  ['a check runs', { ...checks('pending'), mergeState: 'blocked' }, ['checkPending platform']],
  ['a check of an unknown state', checks('unknown', 'passed'), ['checksUnknown platform']],
  [
    'checks of all states',
    checks('pending', 'unknown', 'failed', 'passed'),
    ['checkFailed agent', 'checkPending platform', 'checksUnknown platform'],
  ],
  ['checks not read', { checks: undefined }, ['checksUnknown platform']],
  ['checks not all read', { checks: { items: [], isComplete: false } }, ['checksUnknown platform']],
  [
    'checks not all read, one failed',
    { checks: { items: [{ name: 'x', state: 'failed' }], isComplete: false } },
    ['checkFailed agent', 'checksUnknown platform'],
  ],
  ['a thread', { threads: { unresolved: [thread()], isComplete: true } }, ['unresolvedThreads agent']],
  ['threads not all read', { threads: { unresolved: [], isComplete: false } }, ['unresolvedThreads agent']],
  ['threads not read', { threads: undefined }, ['unknownYet platform']],
  ['the forge refused', { refusal: 'no' }, ['policyRefused human']],
  [
    'the forge refused, and a check failed',
    { refusal: 'no', ...checks('failed') },
    ['checkFailed agent', 'policyRefused human'],
  ],
  [
    'all at once, the agents’ part first',
    {
      mergeable: 'conflict',
      mergeState: 'blocked',
      ...checks('failed'),
      threads: { unresolved: [thread()], isComplete: true },
      ...asked(true),
      isDraft: true,
    },
    [
      'conflict agent',
      'checkFailed agent',
      'unresolvedThreads agent',
      'changesRequested agent',
      'draft human',
    ],
  ],
];

test.each(ROWS)('%s', (_, change, expected) => {
  const blockers = blockersOf(green(change));
  expect(blockers.map(({ kind, who }) => `${kind} ${who}`)).toEqual(expected);
  for (const blocker of blockers) expect(blockerSchema.parse(blocker)).toEqual(blocker);
});

test('every kind of blocker is in the table', () => {
  const kinds = new Set(ROWS.flatMap(([, , expected]) => expected.map((each) => each.split(' ', 1).join())));
  expect(kinds).toEqual(new Set<string>(blockerKind.options));
});

test.each([
  [{ mergeable: 'conflict' } as const, 'it conflicts with main'],
  [checks('failed', 'failed'), 'failed: check-0, check-1'],
  [checks('failed', 'failed', 'failed', 'failed', 'failed'), 'failed: check-0, check-1, check-2 and 2 more'],
  [asked(true, true), 'ada asked for changes'],
  [asked(false), 'ada asked for changes and has to look again'],
  [asked(), 'a reviewer asked for changes and has to look again'],
  [
    { threads: { unresolved: [thread(), thread()], isComplete: false } },
    '2 or more review threads are not resolved',
  ],
  [{ refusal: 'protected' }, 'the forge refused to merge it: protected'],
])('%j: %s', (change, detail) => {
  expect(blockersOf(green(change)).map((blocker) => blocker.detail)).toContain(detail);
});

test('a detail is never longer than what is kept of it', () => {
  const name = 'x'.repeat(1000);
  const long = green({ refusal: name, baseBranch: name, mergeable: 'conflict', ...checks('failed') });
  for (const { detail } of blockersOf(long)) expect(detail.length).toBeLessThanOrEqual(MAX_DETAIL_CHARS);
});

test('what is merged or closed has no blockers and nothing to repair', () => {
  const blocked = green({ isDraft: true, ...checks('failed') });
  for (const state of ['merged', 'closed'] as const) {
    const observation = observationOf('mr-1', { ...blocked, state });
    expect(observation).toMatchObject({ state, blockers: [], feedback: undefined });
  }
  const open = observationOf('mr-1', blocked);
  expect(open.blockers.map(({ kind }) => kind)).toEqual(['checkFailed', 'draft']);
  expect(open.feedback).toContain('check-0');
});

const anySnapshot: fc.Arbitrary<PullRequestSnapshot> = fc.record({
  number: fc.integer({ min: 1 }),
  url: fc.webUrl(),
  state: fc.constantFrom('open', 'merged', 'closed'),
  isDraft: fc.boolean(),
  headSha: fc.string(),
  headBranch: fc.string(),
  baseBranch: fc.string(),
  mergeable: fc.constantFrom('yes', 'conflict', 'unknown'),
  mergeState: fc.constantFrom('clean', 'unstable', 'behind', 'blocked', 'unknown'),
  reviewDecision: fc.constantFrom('none', 'approved', 'reviewRequired', 'changesRequested', 'unknown'),
  changeRequests: fc.array(fc.record({ author: fc.string(), body: fc.string(), isOnHead: fc.boolean() })),
  checks: fc.option(
    fc.record({
      items: fc.array(
        fc.record({
          name: fc.string(),
          state: fc.constantFrom<Check['state']>('passed', 'failed', 'pending', 'unknown'),
        }),
      ),
      isComplete: fc.boolean(),
    }),
    { nil: undefined },
  ),
  threads: fc.option(
    fc.record({
      unresolved: fc.array(fc.record({ author: fc.string(), text: fc.string() })),
      isComplete: fc.boolean(),
    }),
    { nil: undefined },
  ),
  refusal: fc.option(fc.string(), { nil: undefined }),
  at: fc.nat(),
});

test('any snapshot makes an observation that can be stored, with what an agent could do said to it', () => {
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      const observation = observationOf('mr-1', snapshot);
      expect(observationSchema.parse(observation)).toEqual(observation);
      // Whoever is given the work is told what it is; only threads that could not be counted have no text.
      const isForAgent = observation.blockers.some(({ who }) => who === 'agent');
      const isCountable = snapshot.threads?.isComplete !== false;
      expect(isForAgent && isCountable && observation.feedback === undefined).toBe(false);
    }),
    { numRuns: 1000 },
  );
});
