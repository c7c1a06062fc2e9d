import type { CommitFacts } from '../git/repository.ts';
import { CHECKS_APP } from '../pull-requests/checks.ts';
import type { CheckRun, CommitStatus } from '../state/check.ts';
import type { Comment, PullRequest, Review } from '../state/pull-request.ts';
import { fullName, type Repository } from '../state/repository.ts';
import { isBot, type World } from '../world.ts';

/** Seconds, as GitHub's times are. */
export const iso = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : iso(at));

export const userShape = (world: World, login: string) => ({
  login,
  id: world.accountId(login),
  node_id: `U_${world.accountId(login)}`,
  type: isBot(login) ? 'Bot' : 'User',
  html_url: `${world.urls.web}/${login}`,
});

export const repositoryUrl = (world: World, repository: Repository): string =>
  `${world.urls.api}/repos/${fullName(repository)}`;

export const pullUrl = (world: World, pull: PullRequest): string =>
  `${world.urls.web}/${fullName(pull.repository)}/pull/${pull.number}`;

export const repositoryShape = (world: World, repository: Repository) => ({
  id: repository.id,
  node_id: repository.nodeId,
  name: repository.name,
  full_name: fullName(repository),
  private: repository.isPrivate,
  owner: userShape(world, repository.owner),
  url: repositoryUrl(world, repository),
  html_url: `${world.urls.web}/${fullName(repository)}`,
  clone_url: `${world.urls.web}/${fullName(repository)}.git`,
  default_branch: repository.defaultBranch,
  archived: false,
  disabled: false,
});

/** Only a repository's own page has these. */
export const repositoryDetails = (repository: Repository, login: string) => {
  const permission = repository.access.get(login);
  return {
    allow_merge_commit: repository.mergeMethods.includes('merge'),
    allow_squash_merge: repository.mergeMethods.includes('squash'),
    allow_rebase_merge: repository.mergeMethods.includes('rebase'),
    allow_auto_merge: false,
    delete_branch_on_merge: repository.deletesMergedBranches,
    permissions: {
      admin: permission === 'admin',
      push: permission === 'admin' || permission === 'write',
      pull: true,
    },
  };
};

const branchShape = (world: World, repository: Repository, branch: string, sha: string | undefined) => ({
  label: `${repository.owner}:${branch}`,
  ref: branch,
  sha: sha ?? '',
  user: userShape(world, repository.owner),
  repo: repositoryShape(world, repository),
});

export const pullShape = (
  world: World,
  pull: PullRequest,
  known: { readonly mergeable: boolean | null; readonly state: string } | undefined,
) => ({
  id: pull.id,
  node_id: pull.nodeId,
  number: pull.number,
  state: pull.state,
  locked: false,
  draft: pull.isDraft,
  title: pull.title,
  body: pull.body === '' ? null : pull.body,
  user: userShape(world, pull.author),
  url: `${repositoryUrl(world, pull.repository)}/pulls/${pull.number}`,
  html_url: pullUrl(world, pull),
  head: branchShape(world, pull.repository, pull.head, pull.headSha),
  base: branchShape(world, pull.repository, pull.base, pull.repository.branches.get(pull.base)),
  created_at: iso(pull.createdAt),
  updated_at: iso(pull.updatedAt),
  closed_at: isoOrNull(pull.closedAt),
  merged_at: isoOrNull(pull.merged?.at),
  merge_commit_sha: pull.merged?.sha ?? null,
  labels: [],
  requested_reviewers: [],
  auto_merge: null,
  // A list has none of these.
  ...(known === undefined
    ? {}
    : {
        merged: pull.merged !== undefined,
        merged_by: pull.merged === undefined ? null : userShape(world, pull.merged.by),
        mergeable: known.mergeable,
        mergeable_state: known.state,
        comments: pull.comments.length,
      }),
});

export const reviewShape = (world: World, pull: PullRequest, review: Review) => ({
  id: review.id,
  node_id: review.nodeId,
  user: userShape(world, review.author),
  body: review.body,
  state: review.state as string,
  commit_id: review.sha,
  submitted_at: iso(review.submittedAt),
  html_url: `${pullUrl(world, pull)}#pullrequestreview-${review.id}`,
});

export const commentShape = (world: World, pull: PullRequest, comment: Comment) => ({
  id: comment.id,
  node_id: comment.nodeId,
  user: userShape(world, comment.author),
  body: comment.body,
  created_at: iso(comment.createdAt),
  updated_at: iso(comment.createdAt),
  html_url: `${pullUrl(world, pull)}#issuecomment-${comment.id}`,
});

export const checkRunShape = (world: World, repository: Repository, check: CheckRun) => ({
  id: check.id,
  node_id: check.nodeId,
  name: check.name,
  head_sha: check.sha,
  status: check.status,
  conclusion: check.conclusion ?? null,
  started_at: iso(check.startedAt),
  completed_at: isoOrNull(check.completedAt),
  url: `${repositoryUrl(world, repository)}/check-runs/${check.id}`,
  check_suite: { id: check.suiteId },
  output: { title: null, summary: check.summary ?? null, text: null },
  app:
    check.log === undefined
      ? { slug: CHECKS_APP.slug, name: CHECKS_APP.name }
      : { slug: 'github-actions', name: 'GitHub Actions' },
});

export const statusShape = (world: World, status: CommitStatus) => ({
  id: status.id,
  node_id: status.nodeId,
  context: status.context,
  state: status.state,
  description: status.description,
  creator: userShape(world, status.creator),
  created_at: iso(status.createdAt),
  updated_at: iso(status.createdAt),
});

export const commitShape = (world: World, repository: Repository, commit: CommitFacts) => ({
  sha: commit.sha,
  url: `${repositoryUrl(world, repository)}/commits/${commit.sha}`,
  parents: commit.parents.map((sha) => ({ sha })),
  commit: { message: commit.message, author: { name: commit.author, email: commit.email } },
});
