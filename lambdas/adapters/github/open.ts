import * as z from 'zod';
import type { Forge } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { PullRequestSnapshot } from '../../../core/pull-request/snapshot.ts';
import type { Answer, GitHubClient } from './client.ts';
import { notUnderstood, wordsOf } from './failure.ts';
import { fullName } from './repository.ts';
import type { RepositorySettings } from './repository-settings.ts';

type NewPullRequest = Parameters<Forge['open']>[1];

/** GitHub's limits; longer texts are cut, since the pull request matters more. */
const MAX_TITLE_CHARS = 256;
const MAX_BODY_CHARS = 65_536;

const pullRequestSchema = z.object({
  number: z.number().int().positive(),
  html_url: z.url({ protocol: /^https?$/ }),
  draft: z.boolean().optional(),
  head: z.object({
    ref: z.string(),
    sha: z.string(),
    /** Null: its repository is gone. */
    repo: z.object({ id: z.number() }).nullable(),
  }),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.number() }) }),
});
type PullRequest = z.infer<typeof pullRequestSchema>;

/**
 * Finds the open pull request of the two branches, or makes it. Whatever else GitHub knows about it is for the next observation.
 * @throws ForgeError (`refused`: with GitHub's words, such as that there are no commits between the branches)
 */
export async function openPullRequest(
  client: GitHubClient,
  repository: RepositorySettings,
  token: string,
  wanted: NewPullRequest,
): Promise<PullRequestSnapshot> {
  const find = () => findOpen(client, repository, token, wanted);
  const found = await find();
  if (found !== undefined) return found;
  const { title, body, branch, target } = wanted;
  const { owner, name } = repository;
  const answer = await client.rest({
    token,
    repository: fullName(repository),
    route: 'POST /repos/{owner}/{repo}/pulls',
    parameters: {
      owner,
      repo: name,
      title: title.slice(0, MAX_TITLE_CHARS),
      body: body.slice(0, MAX_BODY_CHARS),
      head: branch,
      base: target,
    },
    expected: [422],
  });
  if (answer.status === 422) {
    // Somebody may have been faster; and the answer to an earlier try may have been lost.
    const raced = await find();
    if (raced !== undefined) return raced;
    throw new ForgeError(
      'refused',
      `GitHub refuses a pull request of ${branch} into ${target} of ${fullName(repository)}: ${wordsOf(answer.data, { token })}`,
    );
  }
  const made = pullRequestSchema.safeParse(answer.data);
  if (!made.success)
    throw notUnderstood(`it was asked for a pull request of ${fullName(repository)}, and answered none`);
  return snapshotOf(made.data, answer);
}

async function findOpen(
  client: GitHubClient,
  repository: RepositorySettings,
  token: string,
  { branch, target }: NewPullRequest,
): Promise<PullRequestSnapshot | undefined> {
  const { owner, name } = repository;
  const answer = await client.rest({
    token,
    repository: fullName(repository),
    route: 'GET /repos/{owner}/{repo}/pulls',
    parameters: { owner, repo: name, state: 'open', head: `${owner}:${branch}`, base: target, per_page: 100 },
  });
  const listed = z.array(pullRequestSchema).safeParse(answer.data);
  if (!listed.success)
    throw notUnderstood(`it was asked for pull requests of ${fullName(repository)}, and answered none`);
  // GitHub leaves out a filter that it does not understand.
  const found = listed.data.find(
    ({ head, base }) => head.ref === branch && base.ref === target && head.repo?.id === base.repo.id,
  );
  return found === undefined ? undefined : snapshotOf(found, answer);
}

const snapshotOf = (
  { number, html_url, draft = false, head, base }: PullRequest,
  { at }: Answer,
): PullRequestSnapshot => ({
  number,
  url: html_url,
  state: 'open',
  isDraft: draft,
  headSha: head.sha,
  headBranch: head.ref,
  baseBranch: base.ref,
  mergeable: 'unknown',
  mergeState: 'unknown',
  reviewDecision: 'unknown',
  changeRequests: [],
  at,
});
