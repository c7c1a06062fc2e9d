import { expect, test } from 'vitest';
import { observationOf } from '../../../core/pull-request/observation.ts';
import { pullRequestSchema } from '../../../lambdas/adapters/github/node.ts';
import { snapshotOf } from '../../../lambdas/adapters/github/snapshot.ts';
import { HEAD } from '../../unit/core/pull-request/snapshot.ts';

/**
 * Every combination of what GitHub may say of a pull request, from its own words to the list of blockers, against a rule that is written
 * without looking at either.
 */

const page = (nodes: readonly unknown[], hasNextPage = false) => ({ nodes, pageInfo: { hasNextPage } });
const run = (conclusion: string | null) => ({
  __typename: 'CheckRun',
  name: 'test',
  status: conclusion === null ? 'QUEUED' : 'COMPLETED',
  conclusion,
  startedAt: null,
  checkSuite: { workflowRun: null },
});
const review = (state: string) => page([{ state, body: '', author: null, commit: { oid: HEAD } }]);
const thread = (isResolved: boolean) => ({ isResolved, path: 'a', line: 1, comments: { nodes: [] } });

/** Each with whether it lets a merge happen. */
const CHECKS: readonly (readonly [unknown, boolean])[] = [
  [null, true],
  [{ contexts: page([]) }, true],
  [{ contexts: page([run('SUCCESS'), run('NEUTRAL'), run('SKIPPED')]) }, true],
  [{ contexts: page([run('SUCCESS'), run('CANCELLED')]) }, false],
  [{ contexts: page([run(null)]) }, false],
  [{ contexts: page([run('NEWS')]) }, false],
  [{ contexts: page([run('SUCCESS')], true) }, false],
  [undefined, false],
];
const THREADS: readonly (readonly [unknown, boolean])[] = [
  [page([]), true],
  [page([thread(true)]), true],
  [page([thread(true), thread(false)]), false],
  [page([thread(true)], true), false],
  [undefined, false],
];
const STATES = ['OPEN', 'MERGED', 'CLOSED'];
const DECISIONS = [null, 'APPROVED', 'REVIEW_REQUIRED', 'CHANGES_REQUESTED', 'NEWS', undefined];
const MERGE_STATES = [
  'CLEAN',
  'HAS_HOOKS',
  'UNSTABLE',
  'BEHIND',
  'BLOCKED',
  'DIRTY',
  'DRAFT',
  'UNKNOWN',
  'NEWS',
  undefined,
];
const MERGEABLES = ['MERGEABLE', 'CONFLICTING', 'UNKNOWN', 'NEWS', undefined];
const REVIEWS = ['APPROVED', 'CHANGES_REQUESTED'];

interface Said {
  readonly state: string;
  readonly isDraft: boolean;
  readonly reviewDecision: string | null | undefined;
  readonly review: string;
  readonly mergeStateStatus: string | undefined;
  readonly mergeable: string | undefined;
  readonly checks: readonly [unknown, boolean];
  readonly threads: readonly [unknown, boolean];
}

/** GitHub would merge it, and all checks and threads are done. `UNSTABLE` is GitHub's word for a check that has not passed. */
function mayMerge({
  state,
  isDraft,
  reviewDecision,
  review,
  mergeStateStatus,
  mergeable,
  checks,
  threads,
}: Said) {
  const isOpen = state === 'OPEN' && !isDraft;
  const isMergeable =
    mergeable === 'MERGEABLE' && (mergeStateStatus === 'CLEAN' || mergeStateStatus === 'HAS_HOOKS');
  const isReviewed = reviewDecision === 'APPROVED' || (reviewDecision === null && review === 'APPROVED');
  return isOpen && isMergeable && isReviewed && checks[1] && threads[1];
}

function* everything(): Generator<Said> {
  for (const state of STATES)
    for (const isDraft of [false, true])
      for (const reviewDecision of DECISIONS)
        for (const review of REVIEWS)
          for (const mergeStateStatus of MERGE_STATES)
            for (const mergeable of MERGEABLES)
              for (const checks of CHECKS)
                for (const threads of THREADS)
                  yield {
                    state,
                    isDraft,
                    reviewDecision,
                    review,
                    mergeStateStatus,
                    mergeable,
                    checks,
                    threads,
                  };
}

const observe = (said: Said) => {
  const node = pullRequestSchema.parse({
    number: 7,
    url: 'https://github.com/acme/shop/pull/7',
    state: said.state,
    isDraft: said.isDraft,
    headRefOid: HEAD,
    headRefName: 'gt/one',
    baseRefName: 'main',
    mergeCommit: null,
    mergeable: said.mergeable,
    mergeStateStatus: said.mergeStateStatus,
    reviewDecision: said.reviewDecision,
    latestOpinionatedReviews: review(said.review),
    reviewThreads: said.threads[0],
    statusCheckRollup: said.checks[0],
  });
  return observationOf('mr-1', snapshotOf(node, 0));
};

test('the list of blockers is empty exactly where GitHub would merge and nothing of ours is open', () => {
  let rows = 0;
  let green = 0;
  const wrong: string[] = [];
  for (const said of everything()) {
    rows += 1;
    const { state, blockers } = observe(said);
    const isGreen = state === 'open' && blockers.length === 0;
    if (isGreen) green += 1;
    if (isGreen !== mayMerge(said)) wrong.push(JSON.stringify({ ...said, blockers }));
    // People are sent to the pull request only where nothing else is to be done or waited for.
    const others = blockers.filter(({ kind }) => kind !== 'policyRefused').length;
    if (others > 0 && others < blockers.length) wrong.push(JSON.stringify({ ...said, blockers }));
    // What is in the way of a draft is that it is one.
    if (state === 'open' && said.isDraft && !blockers.some(({ kind }) => kind === 'draft'))
      wrong.push(JSON.stringify({ ...said, blockers }));
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(rows).toBe(3 * 2 * 6 * 2 * 10 * 5 * 8 * 5);
  // 2 merge states, 3 sorts of checks and 2 of threads; approved (whoever else says what), or no decision and an approval.
  expect(green).toBe(2 * 3 * 2 * (2 + 1));
});
