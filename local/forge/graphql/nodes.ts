import { readCommit, type CommitFacts } from '../git/repository.ts';
import { CHECKS_APP, checksOf } from '../pull-requests/checks.ts';
import { commitsOf } from '../pull-requests/commits.ts';
import { mergeStateOf } from '../pull-requests/merge-refusals.ts';
import { queueOf } from '../pull-requests/merge-queue.ts';
import { knownMergeability } from '../pull-requests/mergeability.ts';
import { latestReviews, reviewDecision, rulesOf } from '../pull-requests/reviews.ts';
import { iso, pullUrl } from '../rest/shapes.ts';
import { checkName, checkOutcome, type Check } from '../state/check.ts';
import type { Comment, PullRequest, Review, Thread } from '../state/pull-request.ts';
import { fullName, mayWrite, type Repository } from '../state/repository.ts';
import { isBot, type World } from '../world.ts';
import { connection, type PageArguments } from './connection.ts';

/** Objects with the fields of GitHub's types, each computed when it is asked for. */

const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : iso(at));

export const actorNode = (world: World, login: string) => ({
  __typename: isBot(login) ? 'Bot' : 'User',
  id: `U_${world.accountId(login)}`,
  databaseId: world.accountId(login),
  // GraphQL leaves out what REST adds to the names of programs.
  login: login.replace(/\[bot\]$/, ''),
  url: `${world.urls.web}/${login}`,
});

export const repositoryNode = (world: World, repository: Repository, login: string) => ({
  __typename: 'Repository',
  id: repository.nodeId,
  databaseId: repository.id,
  name: repository.name,
  nameWithOwner: fullName(repository),
  owner: actorNode(world, repository.owner),
  url: `${world.urls.web}/${fullName(repository)}`,
  isPrivate: repository.isPrivate,
  isArchived: false,
  mergeCommitAllowed: repository.mergeMethods.includes('merge'),
  squashMergeAllowed: repository.mergeMethods.includes('squash'),
  rebaseMergeAllowed: repository.mergeMethods.includes('rebase'),
  autoMergeAllowed: false,
  deleteBranchOnMerge: repository.deletesMergedBranches,
  viewerPermission: (repository.access.get(login) ?? 'read').toUpperCase(),
  viewerCanAdminister: repository.access.get(login) === 'admin',
  defaultBranchRef: () => refNode(world, repository, repository.defaultBranch),
  ref: ({ qualifiedName }: { qualifiedName: string }) =>
    refNode(world, repository, qualifiedName.replace(/^refs\/heads\//, '')),
  mergeQueue: ({ branch }: { branch?: string }) =>
    repository.protections.get(branch ?? repository.defaultBranch)?.requiresMergeQueue === true
      ? { __typename: 'MergeQueue', id: `MQ_${repository.id}` }
      : null,
  pullRequest({ number }: { number: number }) {
    const pull = repository.pulls.get(number);
    return pull === undefined ? null : pullNode(world, pull, login);
  },
  pullRequests({ states, headRefName, baseRefName, ...page }: PullFilter) {
    const found = [...repository.pulls.values()].filter(
      (pull) =>
        (states ?? [stateWord(pull)]).includes(stateWord(pull)) &&
        (headRefName ?? pull.head) === pull.head &&
        (baseRefName ?? pull.base) === pull.base,
    );
    return connection(found, page, (pull) => pullNode(world, pull, login));
  },
});

type PullFilter = PageArguments & {
  readonly states?: readonly string[];
  readonly headRefName?: string;
  readonly baseRefName?: string;
};

const stateWord = (pull: PullRequest): 'OPEN' | 'CLOSED' | 'MERGED' =>
  pull.state === 'open' ? 'OPEN' : pull.merged === undefined ? 'CLOSED' : 'MERGED';

/** Null when there is no such branch. */
function refNode(world: World, repository: Repository, branch: string) {
  const sha = repository.branches.get(branch);
  if (sha === undefined) return null;
  const rules = repository.protections.get(branch);
  return {
    __typename: 'Ref',
    id: `REF_${repository.id}_${branch}`,
    name: branch,
    prefix: 'refs/heads/',
    target: () => commitNode(world, repository, sha),
    branchProtectionRule:
      rules === undefined
        ? null
        : {
            __typename: 'BranchProtectionRule',
            id: `BPR_${repository.id}_${branch}`,
            pattern: branch,
            requiresApprovingReviews: rules.requiredApprovals > 0,
            requiredApprovingReviewCount: rules.requiredApprovals,
            dismissesStaleReviews: rules.dismissesStaleApprovals,
            requiresStatusChecks: rules.requiredChecks.length > 0,
            requiredStatusCheckContexts: rules.requiredChecks,
            requiresStrictStatusChecks: rules.requiresUpToDate,
            requiresConversationResolution: rules.requiresConversationResolution,
          },
  };
}

async function commitNode(world: World, repository: Repository, sha: string, facts?: CommitFacts) {
  const commit = facts ?? (await readCommit(repository.directory, sha));
  return {
    __typename: 'Commit',
    id: `C_${repository.id}_${sha}`,
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    message: commit.message,
    messageHeadline: commit.message.split('\n')[0] ?? '',
    author: { __typename: 'GitActor', name: commit.author, email: commit.email },
    parents: (page: PageArguments) =>
      connection(commit.parents, page, (parent) => commitNode(world, repository, parent)),
    statusCheckRollup: () => rollupNode(world, repository, sha),
  };
}

const ROLLUP_STATES = { failed: 'FAILURE', pending: 'PENDING', passed: 'SUCCESS' } as const;

/** Null where nobody reports anything: what is required and absent is in no list. */
function rollupNode(world: World, repository: Repository, sha: string) {
  const checks = checksOf(repository, sha);
  if (checks.length === 0) return null;
  const outcomes = checks.map(checkOutcome);
  const worst = (['failed', 'pending', 'passed'] as const).find((outcome) => outcomes.includes(outcome));
  return {
    __typename: 'StatusCheckRollup',
    id: `SCR_${repository.id}_${sha}`,
    state: ROLLUP_STATES[worst ?? 'passed'],
    contexts: (page: PageArguments) => ({
      ...connection(checks, page, (check) => checkNode(world, repository, check)),
      checkRunCount: checks.filter(({ kind }) => kind === 'checkRun').length,
      statusContextCount: checks.filter(({ kind }) => kind === 'status').length,
    }),
  };
}

function checkNode(world: World, repository: Repository, check: Check) {
  /** Of a pull request: what is required depends on where it goes. */
  const isRequired = ({ pullRequestNumber }: { pullRequestNumber?: number }): boolean => {
    const pull = repository.pulls.get(pullRequestNumber ?? 0);
    return pull !== undefined && rulesOf(pull).requiredChecks.includes(checkName(check));
  };
  if (check.kind === 'status')
    return {
      __typename: 'StatusContext',
      id: check.nodeId,
      context: check.context,
      state: check.state.toUpperCase(),
      description: check.description,
      targetUrl: null,
      createdAt: iso(check.createdAt),
      creator: actorNode(world, check.creator),
      isRequired,
    };
  return {
    __typename: 'CheckRun',
    id: check.nodeId,
    databaseId: check.id,
    name: check.name,
    status: check.status.toUpperCase(),
    conclusion: check.conclusion?.toUpperCase() ?? null,
    startedAt: iso(check.startedAt),
    completedAt: isoOrNull(check.completedAt),
    url: `${world.urls.web}/${fullName(repository)}/runs/${check.id}`,
    detailsUrl: `${world.urls.web}/${fullName(repository)}/runs/${check.id}`,
    title: null,
    summary: null,
    checkSuite: {
      __typename: 'CheckSuite',
      id: `CS_${check.suiteId}`,
      databaseId: check.suiteId,
      app: { __typename: 'App', id: 'A_1', name: CHECKS_APP.name, slug: CHECKS_APP.slug },
    },
    isRequired,
  };
}

export const commentNode = (world: World, pull: PullRequest, comment: Comment, typename: string) => ({
  __typename: typename,
  id: comment.nodeId,
  databaseId: comment.id,
  author: actorNode(world, comment.author),
  authorAssociation: mayWrite(pull.repository, comment.author) ? 'COLLABORATOR' : 'NONE',
  body: comment.body,
  bodyText: comment.body,
  createdAt: iso(comment.createdAt),
  updatedAt: iso(comment.createdAt),
  isMinimized: false,
  url: `${pullUrl(world, pull)}#comment-${comment.id}`,
});

export const threadNode = (world: World, pull: PullRequest, thread: Thread, login: string) => ({
  __typename: 'PullRequestReviewThread',
  id: thread.nodeId,
  path: thread.path,
  line: thread.isOutdated ? null : thread.line,
  startLine: null,
  originalLine: thread.line,
  originalStartLine: null,
  diffSide: 'RIGHT',
  subjectType: 'LINE',
  isResolved: thread.resolvedBy !== undefined,
  isOutdated: thread.isOutdated,
  isCollapsed: thread.resolvedBy !== undefined,
  resolvedBy: thread.resolvedBy === undefined ? null : actorNode(world, thread.resolvedBy),
  viewerCanReply: mayWrite(pull.repository, login),
  viewerCanResolve: mayWrite(pull.repository, login) && thread.resolvedBy === undefined,
  comments: (page: PageArguments) =>
    connection(thread.comments, page, (comment) => ({
      ...commentNode(world, pull, comment, 'PullRequestReviewComment'),
      path: thread.path,
      line: thread.isOutdated ? null : thread.line,
      originalLine: thread.line,
      outdated: thread.isOutdated,
      diffHunk: '',
    })),
  pullRequest: () => pullNode(world, pull, login),
});

const reviewNode = (world: World, pull: PullRequest, review: Review) => ({
  __typename: 'PullRequestReview',
  id: review.nodeId,
  databaseId: review.id,
  author: actorNode(world, review.author),
  authorAssociation: mayWrite(pull.repository, review.author) ? 'COLLABORATOR' : 'NONE',
  authorCanPushToRepository: mayWrite(pull.repository, review.author),
  state: review.state,
  body: review.body,
  bodyText: review.body,
  submittedAt: iso(review.submittedAt),
  createdAt: iso(review.submittedAt),
  url: `${pullUrl(world, pull)}#pullrequestreview-${review.id}`,
  commit: () => commitNode(world, pull.repository, review.sha),
});

export const queueEntryNode = (world: World, pull: PullRequest, login: string) => {
  const entry = pull.queueEntry;
  if (entry === undefined) return null;
  return {
    __typename: 'MergeQueueEntry',
    id: entry.nodeId,
    state: 'AWAITING_CHECKS',
    position: queueOf(pull).indexOf(pull) + 1,
    enqueuedAt: iso(entry.enqueuedAt),
    enqueuer: actorNode(world, entry.enqueuedBy),
    jump: false,
    solo: false,
    estimatedTimeToMerge: Math.ceil(world.settings.mergeQueueMs / 1000),
    pullRequest: () => pullNode(world, pull, login),
    headCommit: () => commitNode(world, pull.repository, pull.headSha),
  };
};

export function pullNode(world: World, pull: PullRequest, login: string) {
  const { repository } = pull;
  const nodesOf = (reviews: readonly Review[], page: PageArguments) =>
    connection(reviews, page, (review) => reviewNode(world, pull, review));
  return {
    __typename: 'PullRequest',
    id: pull.nodeId,
    databaseId: pull.id,
    number: pull.number,
    title: pull.title,
    body: pull.body,
    bodyText: pull.body,
    url: pullUrl(world, pull),
    state: stateWord(pull),
    isDraft: pull.isDraft,
    closed: pull.state === 'closed',
    closedAt: isoOrNull(pull.closedAt),
    createdAt: iso(pull.createdAt),
    updatedAt: iso(pull.updatedAt),
    merged: pull.merged !== undefined,
    mergedAt: isoOrNull(pull.merged?.at),
    mergedBy: pull.merged === undefined ? null : actorNode(world, pull.merged.by),
    mergeCommit: () => (pull.merged === undefined ? null : commitNode(world, repository, pull.merged.sha)),
    author: actorNode(world, pull.author),
    repository: () => repositoryNode(world, repository, login),
    headRepository: () => repositoryNode(world, repository, login),
    headRepositoryOwner: actorNode(world, repository.owner),
    isCrossRepository: false,
    headRefName: pull.head,
    headRefOid: pull.headSha,
    headRef: () => refNode(world, repository, pull.head),
    baseRefName: pull.base,
    baseRefOid: repository.branches.get(pull.base) ?? pull.headSha,
    baseRef: () => refNode(world, repository, pull.base),
    async mergeable() {
      const computed = await knownMergeability(world, pull);
      if (computed === undefined) return 'UNKNOWN';
      return computed.isClean ? 'MERGEABLE' : 'CONFLICTING';
    },
    mergeStateStatus: () => mergeStateOf(world, pull),
    reviewDecision: () => reviewDecision(pull),
    reviews: ({ states, ...page }: PageArguments & { states?: readonly string[] }) =>
      nodesOf(
        pull.reviews.filter(({ state }) => (states ?? [state]).includes(state)),
        page,
      ),
    latestReviews: (page: PageArguments) => nodesOf(latestReviews(pull, false), page),
    latestOpinionatedReviews: ({ writersOnly, ...page }: PageArguments & { writersOnly?: boolean }) =>
      nodesOf(
        latestReviews(pull, true).filter(
          ({ author }) => writersOnly !== true || mayWrite(repository, author),
        ),
        page,
      ),
    reviewThreads: (page: PageArguments) =>
      connection(pull.threads, page, (thread) => threadNode(world, pull, thread, login)),
    reviewRequests: (page: PageArguments) => connection<never, never>([], page, (item) => item),
    labels: (page: PageArguments) => connection<never, never>([], page, (item) => item),
    comments: (page: PageArguments) =>
      connection(pull.comments, page, (comment) => commentNode(world, pull, comment, 'IssueComment')),
    commits: async (page: PageArguments) =>
      connection(await commitsOf(pull), page, (facts) => ({
        __typename: 'PullRequestCommit',
        id: `PRC_${pull.id}_${facts.sha}`,
        commit: () => commitNode(world, repository, facts.sha, facts),
      })),
    statusCheckRollup: () => rollupNode(world, repository, pull.headSha),
    isMergeQueueEnabled: rulesOf(pull).requiresMergeQueue,
    isInMergeQueue: pull.queueEntry !== undefined,
    mergeQueueEntry: () => queueEntryNode(world, pull, login),
    autoMergeRequest: null,
    viewerCanUpdate: mayWrite(repository, login),
  };
}
