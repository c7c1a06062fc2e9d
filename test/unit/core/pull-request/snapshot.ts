import type { PullRequestSnapshot } from '../../../../core/pull-request/snapshot.ts';

export const HEAD = 'a'.repeat(40);

/** Nothing is in its way. */
export const GREEN: PullRequestSnapshot = {
  number: 7,
  url: 'https://github.com/acme/shop/pull/7',
  state: 'open',
  isDraft: false,
  headSha: HEAD,
  headBranch: 'gt/one',
  baseBranch: 'main',
  mergeable: 'yes',
  mergeState: 'clean',
  reviewDecision: 'approved',
  changeRequests: [],
  checks: { items: [{ name: 'test', state: 'passed' }], isComplete: true },
  threads: { unresolved: [], isComplete: true },
  at: 1_000_000,
};

/** It with some of it changed. */
export const green = (change: Partial<PullRequestSnapshot> = {}): PullRequestSnapshot => ({
  ...GREEN,
  ...change,
});

export const thread = (text = 'Why?', place = 'src/cart.ts:12') => ({
  author: 'ada',
  text,
  place,
});
