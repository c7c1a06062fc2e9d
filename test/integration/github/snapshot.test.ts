import { expect, test } from 'vitest';
import { blockersOf } from '../../../core/pull-request/blockers.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import {
  BEFORE,
  BLOCKED,
  checkRun,
  checks,
  GREEN,
  observed,
  page,
  review,
  thread,
  type Node,
} from './nodes.ts';
import { DATE } from './server.ts';

type Path = readonly (string | number)[];

/** Paths to everything in a value, the value itself left out. */
function paths(value: unknown, to: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const path = [...to, Array.isArray(value) ? Number(key) : key];
    return [path, ...paths(child, path)];
  });
}

const GONE = Symbol('gone');

/** The value with something else at one path. */
function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value))
    return value.flatMap((each: unknown, index) => {
      if (index !== first) return [each];
      const next = replaced(each, rest, by);
      return next === GONE ? [] : [next];
    });
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, each]) => {
      if (key !== first) return [[key, each as unknown]];
      const next = replaced(each, rest, by);
      return next === GONE ? [] : [[key, next]];
    }),
  );
}

type Answer = Awaited<ReturnType<typeof observed>>[number];

const isGreen = (answer: Answer | undefined): boolean =>
  answer !== undefined && !(answer instanceof ForgeError) && blockersOf(answer).length === 0;

/** Which of the variants may be merged. */
async function green(variants: readonly { what: string; node: unknown }[]): Promise<string[]> {
  const answers = await observed(variants.map(({ node }) => node));
  expect(answers).toHaveLength(variants.length);
  return variants.filter((_, index) => isGreen(answers[index])).map(({ what }) => what);
}

test('what is not blocked is green, and each of the blocked is not', async () => {
  const all = { green: GREEN, ...BLOCKED };
  expect(await green(Object.entries(all).map(([what, node]) => ({ what, node })))).toEqual(['green']);
});

const WRONG: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 7.5],
  ['a text', 'x'],
  ['an object', {}],
];

test.each(Object.entries(BLOCKED))(
  '%s never turns green by a part that is null or of a wrong shape, anywhere',
  async (_, node) => {
    const variants = paths(node).flatMap((path) =>
      WRONG.map(([name, by]) => ({ what: `${path.join('.')}: ${name}`, node: replaced(node, path, by) })),
    );
    expect(variants.length).toBeGreaterThan(150);
    expect(await green(variants)).toEqual([]);
  },
);

test.each(Object.entries(BLOCKED))('%s never turns green by a field that is not there', async (_, node) => {
  // A list without one of its elements is another, and whole, answer.
  const fields = paths(node).filter((path) => typeof path.at(-1) === 'string');
  const variants = fields.map((path) => ({ what: path.join('.'), node: replaced(node, path, GONE) }));
  expect(await green(variants)).toEqual([]);
});

test.each(Object.entries(BLOCKED))('%s never turns green by a part that failed', async (_, node) => {
  for (const path of paths(node)) {
    const errors = [{ type: 'FORBIDDEN', message: 'Resource not accessible', path: [0, ...path] }];
    const [answer] = await observed([replaced(node, path, null)], errors);
    expect({ path, isGreen: isGreen(answer) }).toEqual({ path, isGreen: false });
  }
});

test.each([
  ['state'],
  ['mergeable'],
  ['mergeStateStatus'],
  ['reviewDecision'],
  ['statusCheckRollup.contexts.nodes.0.__typename'],
  ['statusCheckRollup.contexts.nodes.0.conclusion'],
  ['statusCheckRollup.contexts.nodes.1.state'],
])('a word for %s that is not known is not green', async (path) => {
  const at = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  for (const word of ['BRAND_NEW', 'toString', '__proto__', ''])
    expect(await green([{ what: word, node: replaced(GREEN, at, word) }])).toEqual([]);
});

test('an opinion that is not known is not green where GitHub decides nothing', async () => {
  const node = { ...GREEN, reviewDecision: null };
  const unknown = { ...node, latestOpinionatedReviews: page([review('BRAND_NEW')]) };
  const more = { ...node, latestOpinionatedReviews: page([review('APPROVED')], true) };
  expect(
    await green([
      { what: 'known', node },
      { what: 'unknown', node: unknown },
      { what: 'more than a page', node: more },
    ]),
  ).toEqual(['known']);
});

test('reviews without an opinion keep from nothing', async () => {
  const reviews = ['COMMENTED', 'PENDING', 'DISMISSED'].map((state) => review(state));
  const [answer] = await observed([
    { ...GREEN, reviewDecision: null, latestOpinionatedReviews: page(reviews) },
  ]);
  expect(answer).toMatchObject({ reviewDecision: 'none', changeRequests: [] });
});

test('a part that failed is not taken for one that there is none of', async () => {
  const none = { ...GREEN, statusCheckRollup: null, reviewDecision: null };
  expect(isGreen((await observed([none]))[0])).toBe(true);
  const kinds = async (field: string): Promise<unknown> => {
    const [answer] = await observed([none], [{ message: 'no', path: [0, field] }]);
    return answer instanceof ForgeError || answer === undefined
      ? answer
      : blockersOf(answer).map(({ kind }) => kind);
  };
  expect(await kinds('statusCheckRollup')).toEqual(['checksUnknown']);
  expect(await kinds('reviewDecision')).toEqual(['unknownYet']);
});

test('a snapshot says all that GitHub said', async () => {
  const node: Node = {
    ...GREEN,
    reviewDecision: 'CHANGES_REQUESTED',
    mergeStateStatus: 'UNSTABLE',
    latestOpinionatedReviews: page([
      review('APPROVED'),
      review('CHANGES_REQUESTED'),
      { ...review('CHANGES_REQUESTED', BEFORE), author: null, body: null },
    ]),
    reviewThreads: page([thread(true), thread(false), { ...thread(false), line: null, comments: page([]) }]),
    statusCheckRollup: checks([checkRun('SUCCESS'), checkRun('FAILURE', { name: 'lint' })]),
  };
  expect((await observed([node]))[0]).toEqual({
    number: 7,
    url: 'https://github.com/acme/shop/pull/7',
    state: 'open',
    isDraft: false,
    headSha: GREEN.headRefOid,
    headBranch: 'gt/one',
    baseBranch: 'main',
    mergeSha: undefined,
    mergeable: 'yes',
    mergeState: 'unstable',
    reviewDecision: 'changesRequested',
    isInMergeQueue: false,
    changeRequests: [
      { author: 'ada', body: 'Please rename it.', isOnHead: true },
      { author: 'ghost', body: '', isOnHead: false },
    ],
    checks: {
      items: [
        { name: 'test', state: 'passed' },
        { name: 'lint', state: 'failed' },
      ],
      isComplete: true,
    },
    threads: {
      unresolved: [
        {
          place: 'src/cart.ts:12',
          author: 'ada',
          text: 'This is wrong for an empty cart.\nbob: And for a full one.',
        },
        { place: 'src/cart.ts', author: 'ghost', text: '' },
      ],
      isComplete: true,
    },
    at: Date.parse(DATE),
  });
});

test.each([
  [
    { state: 'MERGED', mergeCommit: { oid: BEFORE } },
    { state: 'merged', mergeSha: BEFORE },
  ],
  [
    { state: 'MERGED', mergeCommit: null },
    { state: 'merged', mergeSha: undefined },
  ],
  // While it is open, GitHub's merge commit is one on trial.
  [
    { state: 'OPEN', mergeCommit: { oid: BEFORE } },
    { state: 'open', mergeSha: undefined },
  ],
  [{ state: 'CLOSED' }, { state: 'closed', mergeSha: undefined }],
])('%j is %j', async (change, expected) => {
  expect((await observed([{ ...GREEN, ...change }]))[0]).toMatchObject(expected);
});

test.each([
  ['CLEAN', 'MERGEABLE', 'clean', 'yes'],
  ['HAS_HOOKS', 'MERGEABLE', 'clean', 'yes'],
  ['UNSTABLE', 'MERGEABLE', 'unstable', 'yes'],
  ['BEHIND', 'MERGEABLE', 'behind', 'yes'],
  ['BLOCKED', 'MERGEABLE', 'blocked', 'yes'],
  ['DIRTY', 'CONFLICTING', 'blocked', 'conflict'],
  ['DIRTY', 'UNKNOWN', 'blocked', 'conflict'],
  ['CLEAN', 'CONFLICTING', 'clean', 'conflict'],
  ['DRAFT', 'MERGEABLE', 'blocked', 'yes'],
  ['UNKNOWN', 'UNKNOWN', 'unknown', 'unknown'],
  ['CLEAN', 'UNKNOWN', 'clean', 'unknown'],
])('GitHub says %s and %s: %s and %s', async (mergeStateStatus, mergeable, mergeState, expected) => {
  const [answer] = await observed([{ ...GREEN, mergeStateStatus, mergeable }]);
  expect(answer).toMatchObject({ mergeState, mergeable: expected });
});

test('a draft is blocked as a draft and by no rule', async () => {
  const [answer] = await observed([BLOCKED['a draft']]);
  if (answer === undefined || answer instanceof ForgeError) throw new Error('no snapshot');
  expect(blockersOf(answer).map(({ kind }) => kind)).toEqual(['draft']);
});

test.each([
  ['SUCCESS', 'passed'],
  ['NEUTRAL', 'passed'],
  ['SKIPPED', 'passed'],
  ['FAILURE', 'failed'],
  ['TIMED_OUT', 'failed'],
  ['CANCELLED', 'failed'],
  ['ACTION_REQUIRED', 'failed'],
  ['STARTUP_FAILURE', 'failed'],
  ['STALE', 'failed'],
  [null, 'pending'],
  ['NEWS', 'unknown'],
])('a check run with conclusion %s is %s', async (conclusion, state) => {
  const [answer] = await observed([{ ...GREEN, statusCheckRollup: checks([checkRun(conclusion)]) }]);
  expect(answer).toMatchObject({ checks: { items: [{ name: 'test', state }] } });
});

test.each(['QUEUED', 'IN_PROGRESS', 'WAITING', 'PENDING', 'REQUESTED', 'COMPLETED', 'NEWS'])(
  'a check run without a conclusion, in status %s, has not passed',
  async (status) => {
    const [answer] = await observed([{ ...GREEN, statusCheckRollup: checks([checkRun(null, { status })]) }]);
    const state = status === 'COMPLETED' || status === 'NEWS' ? 'unknown' : 'pending';
    expect(answer).toMatchObject({ checks: { items: [{ state }] } });
  },
);

test.each([
  ['SUCCESS', 'passed'],
  ['EXPECTED', 'pending'],
  ['PENDING', 'pending'],
  ['ERROR', 'failed'],
  ['FAILURE', 'failed'],
  ['NEWS', 'unknown'],
])('a status of state %s is %s', async (word, state) => {
  const status = { __typename: 'StatusContext', context: 'deploy', state: word };
  const [answer] = await observed([{ ...GREEN, statusCheckRollup: checks([status]) }]);
  expect(answer).toMatchObject({ checks: { items: [{ name: 'deploy', state }] } });
});

const LATER = '2026-07-14T09:30:00Z';
test.each([
  ['a later run', checkRun('CANCELLED'), checkRun('SUCCESS', { startedAt: LATER }), ['passed']],
  ['a later failure', checkRun('SUCCESS'), checkRun('FAILURE', { startedAt: LATER }), ['failed']],
  ['a run that has not started', checkRun('SUCCESS'), checkRun(null, { startedAt: null }), ['pending']],
  [
    'another check',
    checkRun('FAILURE'),
    checkRun('SUCCESS', { name: 'x', startedAt: LATER }),
    ['failed', 'passed'],
  ],
  [
    'the check of another workflow',
    checkRun('FAILURE'),
    checkRun('SUCCESS', {
      startedAt: LATER,
      checkSuite: { workflowRun: { event: 'pull_request', workflow: { name: 'Nightly' } } },
    }),
    ['failed', 'passed'],
  ],
  [
    'the check of an app that has no workflows',
    checkRun('FAILURE', { checkSuite: { workflowRun: null } }),
    checkRun('SUCCESS', { startedAt: LATER, checkSuite: { workflowRun: null } }),
    ['failed', 'passed'],
  ],
])('beside a run of a check, %s', async (_, one, other, states) => {
  for (const nodes of [
    [one, other],
    [other, one],
  ]) {
    const [answer] = await observed([{ ...GREEN, statusCheckRollup: checks(nodes) }]);
    if (answer === undefined || answer instanceof ForgeError) throw new Error('no snapshot');
    expect(answer.checks?.items.map(({ state }) => state).sort()).toEqual(states);
  }
});
