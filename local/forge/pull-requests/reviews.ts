import { Refusal, validationFailed } from '../refusal.ts';
import { NO_RULES, type Protection } from '../state/protection.ts';
import type { Comment, PullRequest, Review, ReviewState, Thread } from '../state/pull-request.ts';
import { mayWrite } from '../state/repository.ts';
import type { World } from '../world.ts';

export const rulesOf = (pull: PullRequest): Protection =>
  pull.repository.protections.get(pull.base) ?? NO_RULES;

/** The last review of each author, or the last that has an opinion: a comment does not take an approval back. */
export function latestReviews(pull: PullRequest, isOpinionated: boolean): Review[] {
  const latest = new Map<string, Review>();
  for (const review of pull.reviews) {
    if (isOpinionated && review.state === 'COMMENTED') continue;
    latest.delete(review.author);
    latest.set(review.author, review);
  }
  return [...latest.values()];
}

/** Opinions that count: of people who may write, and not of the author. */
const countedReviews = (pull: PullRequest, state: ReviewState): Review[] =>
  latestReviews(pull, true).filter(
    (review) =>
      review.state === state && review.author !== pull.author && mayWrite(pull.repository, review.author),
  );

export const approvalsOf = (pull: PullRequest): number => countedReviews(pull, 'APPROVED').length;
export const changeRequestsOf = (pull: PullRequest): number =>
  countedReviews(pull, 'CHANGES_REQUESTED').length;

/** Null where the branch does not require reviews, whatever the reviews say. */
export function reviewDecision(
  pull: PullRequest,
): 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | null {
  const { requiredApprovals } = rulesOf(pull);
  if (requiredApprovals === 0) return null;
  if (changeRequestsOf(pull) > 0) return 'CHANGES_REQUESTED';
  return approvalsOf(pull) >= requiredApprovals ? 'APPROVED' : 'REVIEW_REQUIRED';
}

export interface NewThread {
  readonly path: string;
  /** @default 1 */
  readonly line?: number;
  readonly body: string;
}

export function submitReview(
  world: World,
  pull: PullRequest,
  review: {
    author: string;
    state: Exclude<ReviewState, 'DISMISSED'>;
    body: string;
    threads?: readonly NewThread[];
  },
): Review {
  const { author, state, body } = review;
  if (author === pull.author && state !== 'COMMENTED') {
    const act = state === 'APPROVED' ? 'approve' : 'request changes on';
    throw validationFailed({
      resource: 'PullRequestReview',
      code: 'custom',
      message: `Can not ${act} your own pull request`,
    });
  }
  const pair = world.ids.pair('PRR');
  const submitted: Review = { ...pair, author, state, body, sha: pull.headSha, submittedAt: world.now() };
  pull.reviews.push(submitted);
  pull.updatedAt = world.now();
  world.nodes.set(submitted.nodeId, { kind: 'review', pull, review: submitted });
  for (const thread of review.threads ?? []) openThread(world, pull, author, thread);
  world.emit({
    name: 'pull_request_review',
    action: 'submitted',
    repository: pull.repository,
    pull,
    review: submitted,
    sender: author,
  });
  return submitted;
}

export function dismissReview(world: World, pull: PullRequest, review: Review, sender: string): void {
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new Refusal(422, 'Can not dismiss a commented pull request review');
  review.state = 'DISMISSED';
  pull.updatedAt = world.now();
  world.emit({
    name: 'pull_request_review',
    action: 'dismissed',
    repository: pull.repository,
    pull,
    review,
    sender,
  });
}

/** A push came: approvals of what was there before are void, requests for changes stay. */
export function dismissStaleApprovals(world: World, pull: PullRequest, sender: string): void {
  if (!rulesOf(pull).dismissesStaleApprovals) return;
  for (const review of pull.reviews.filter(({ state }) => state === 'APPROVED'))
    dismissReview(world, pull, review, sender);
}

export function newComment(world: World, pull: PullRequest, author: string, body: string): Comment {
  const comment: Comment = { ...world.ids.pair('IC'), author, body, createdAt: world.now() };
  world.nodes.set(comment.nodeId, { kind: 'comment', pull, comment });
  pull.updatedAt = world.now();
  return comment;
}

export function openThread(world: World, pull: PullRequest, author: string, thread: NewThread): Thread {
  const opened: Thread = {
    nodeId: world.ids.pair('PRRT').nodeId,
    path: thread.path,
    line: thread.line ?? 1,
    resolvedBy: undefined,
    isOutdated: false,
    comments: [newComment(world, pull, author, thread.body)],
  };
  pull.threads.push(opened);
  world.nodes.set(opened.nodeId, { kind: 'thread', pull, thread: opened });
  return opened;
}

/** @param sender whoever resolves it; with `isResolved` false, whoever opens it again */
export function settleThread(
  world: World,
  pull: PullRequest,
  thread: Thread,
  { isResolved, sender }: { isResolved: boolean; sender: string },
): void {
  if ((thread.resolvedBy !== undefined) === isResolved) return;
  thread.resolvedBy = isResolved ? sender : undefined;
  pull.updatedAt = world.now();
  world.emit({
    name: 'pull_request_review_thread',
    action: isResolved ? 'resolved' : 'unresolved',
    repository: pull.repository,
    pull,
    thread,
    sender,
  });
}
