import type { PullRequestSnapshot, Thread } from '../../../core/pull-request/snapshot.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { checksOf } from './checks.ts';
import { isWhole, type PullRequestNode, type ReviewNode, type ThreadNode } from './node.ts';

type Snapshot = PullRequestSnapshot;

const STATES = { OPEN: 'open', MERGED: 'merged', CLOSED: 'closed' } as const;

/** `HAS_HOOKS`: an Enterprise Server would run hooks first, and merge. The rest of what cannot be merged says so elsewhere, too. */
const MERGE_STATES: Readonly<Record<string, Snapshot['mergeState']>> = {
  CLEAN: 'clean',
  HAS_HOOKS: 'clean',
  UNSTABLE: 'unstable',
  BEHIND: 'behind',
  BLOCKED: 'blocked',
  DIRTY: 'blocked',
  DRAFT: 'blocked',
};

const DECISIONS: Readonly<Record<string, Snapshot['reviewDecision']>> = {
  APPROVED: 'approved',
  REVIEW_REQUIRED: 'reviewRequired',
  CHANGES_REQUESTED: 'changesRequested',
};

/** The reviews that are known; a new sort might be a refusal. */
const REVIEWS = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED', 'COMMENTED', 'PENDING']);

/** GitHub's own name for a user that was deleted. */
const NOBODY = 'ghost';

export function snapshotOf(node: PullRequestNode, at: Instant): Snapshot {
  const { mergeStateStatus, headRefOid } = node;
  return {
    number: node.number,
    url: node.url,
    state: STATES[node.state],
    isDraft: node.isDraft,
    headSha: headRefOid,
    headBranch: node.headRefName,
    baseBranch: node.baseRefName,
    mergeSha: node.state === 'MERGED' ? node.mergeCommit?.oid : undefined,
    mergeable: mergeableOf(node),
    mergeState: known(MERGE_STATES, mergeStateStatus) ?? 'unknown',
    reviewDecision: decisionOf(node),
    // Not answered: to put it there a second time is refused.
    isInMergeQueue: node.isInMergeQueue === true,
    changeRequests: changeRequests(node).map(({ author, body, commit }) => ({
      author: author?.login ?? NOBODY,
      body: body ?? '',
      isOnHead: commit?.oid === headRefOid,
    })),
    checks: checksOf(node),
    threads: threadsOf(node),
    at,
  };
}

const known = <T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

function mergeableOf({ mergeable, mergeStateStatus }: PullRequestNode): Snapshot['mergeable'] {
  if (mergeable === 'CONFLICTING' || mergeStateStatus === 'DIRTY') return 'conflict';
  return mergeable === 'MERGEABLE' ? 'yes' : 'unknown';
}

const changeRequests = ({ latestOpinionatedReviews }: PullRequestNode): ReviewNode[] =>
  (latestOpinionatedReviews?.nodes ?? [])
    .filter((review) => review !== undefined)
    .filter(({ state }) => state === 'CHANGES_REQUESTED');

/**
 * GitHub decides (null) nothing where the repository asks for no review. Whoever asked for changes is heard all the same, and where that
 * cannot be read, it is not known.
 */
function decisionOf(node: PullRequestNode): Snapshot['reviewDecision'] {
  const { reviewDecision, latestOpinionatedReviews: reviews } = node;
  if (reviewDecision !== null) return known(DECISIONS, reviewDecision) ?? 'unknown';
  if (changeRequests(node).length > 0) return 'changesRequested';
  const isKnown =
    reviews !== undefined &&
    isWhole(reviews) &&
    reviews.nodes.every((each) => REVIEWS.has(each?.state ?? ''));
  return isKnown ? 'none' : 'unknown';
}

function threadsOf({ reviewThreads }: PullRequestNode): Snapshot['threads'] {
  if (reviewThreads === undefined) return undefined;
  const unresolved = reviewThreads.nodes
    .filter((thread) => thread !== undefined)
    .filter(({ isResolved }) => !isResolved);
  return { unresolved: unresolved.map(threadOf), isComplete: isWhole(reviewThreads) };
}

/** The first comment is the thread's; replies follow with their authors. */
function threadOf({ path, line, comments }: ThreadNode): Thread {
  const [first, ...replies] = (comments?.nodes ?? []).filter((comment) => comment !== undefined);
  const told = replies.map(({ author, body }) => `${author?.login ?? NOBODY}: ${body ?? ''}`);
  return {
    place: path == null ? undefined : line == null ? path : `${path}:${line}`,
    author: first?.author?.login ?? NOBODY,
    text: [first?.body ?? '', ...told].join('\n'),
  };
}
