import * as z from 'zod';
import type { Forge } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { GitHubClient } from './client.ts';
import { notUnderstood, wordsOf } from './failure.ts';
import { isEnqueued } from './merge-queue.ts';
import { fullName } from './repository.ts';
import type { MergeMethod, RepositorySettings } from './repository-settings.ts';

type Result = Awaited<ReturnType<Forge['merge']>>;

export interface MergeDeps {
  readonly client: GitHubClient;
  readonly repository: RepositorySettings;
  readonly token: string;
}

export interface PinnedHead {
  readonly number: number;
  readonly headSha: string;
}

/** GitHub's way to say no: not mergeable or not by this method; the head moved; not understood. */
const REFUSALS = [405, 409, 422];

const mergedSchema = z.object({ merged: z.literal(true), sha: z.string() });

const standingSchema = z.object({
  state: z.string(),
  merged: z.boolean(),
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
  /** Null and `unknown`: GitHub is working it out. */
  mergeable: z.boolean().nullable(),
  mergeable_state: z.string(),
});
type Standing = z.infer<typeof standingSchema>;

/** What GitHub calls a pull request that it would merge. */
const MERGEABLE = new Set(['clean', 'unstable', 'has_hooks']);

/**
 * Merges one head by the first method that GitHub takes. That a method is not allowed by a ruleset, and that the base moved at this very
 * moment, look like any refusal; so where GitHub says that the pull request can be merged, the same is tried once more, then the other methods.
 * @throws ForgeError it may have been merged all the same
 */
export async function mergePullRequest(deps: MergeDeps, pinned: PinnedHead): Promise<Result> {
  const { methods } = deps.repository;
  const reasons = new Set<string>();
  let mayHaveQueue = true;
  for (const method of [...methods.slice(0, 1), ...methods]) {
    const tried = await tryMerge(deps, pinned, method);
    if (tried.state === 'merged') return tried;
    reasons.add(tried.reason);
    // Asked once: it is not told by the refusal, but in words that change.
    if (mayHaveQueue && tried.status === 405) {
      mayHaveQueue = false;
      if (await isEnqueued(deps, pinned)) return { state: 'queued' };
    }
    const standing = await standingOf(deps, pinned);
    const decided = decide(standing, pinned, tried);
    if (decided !== undefined) return decided;
  }
  return {
    state: 'refused',
    reason: [...reasons].join('; ') || 'the repository allows no way of merging',
  };
}

async function tryMerge(
  { client, repository, token }: MergeDeps,
  { number, headSha }: PinnedHead,
  method: MergeMethod,
): Promise<Extract<Result, { state: 'merged' }> | { state: 'refused'; reason: string; status: number }> {
  const { owner, name } = repository;
  const { status, data } = await client.rest({
    token,
    repository: fullName(repository),
    route: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
    parameters: { owner, repo: name, pull_number: number, sha: headSha, merge_method: method },
    expected: REFUSALS,
  });
  if (REFUSALS.includes(status))
    return { state: 'refused', reason: wordsOf(data, { token }) || `GitHub answered ${status}`, status };
  const merged = mergedSchema.safeParse(data);
  if (!merged.success) throw notUnderstood(`it was asked to merge ${fullName(repository)}#${number}`);
  return { state: 'merged', mergeSha: merged.data.sha };
}

async function standingOf(
  { client, repository, token }: MergeDeps,
  { number }: PinnedHead,
): Promise<Standing> {
  const { owner, name } = repository;
  const { data } = await client.rest({
    token,
    repository: fullName(repository),
    route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    parameters: { owner, repo: name, pull_number: number },
  });
  const standing = standingSchema.safeParse(data);
  if (!standing.success) throw notUnderstood(`it was asked how ${fullName(repository)}#${number} stands`);
  return standing.data;
}

/** What a refused merge means, seeing how the pull request stands. Undefined: GitHub would merge it. */
function decide(
  standing: Standing,
  { headSha }: PinnedHead,
  refused: { reason: string; status?: number },
): Result | undefined {
  const { state, merged, merge_commit_sha, head, mergeable, mergeable_state } = standing;
  // By an earlier try whose answer was lost, or by somebody else.
  if (merged) {
    if (merge_commit_sha == null) throw notUnderstood('it names no commit for what was merged');
    return { state: 'merged', mergeSha: merge_commit_sha };
  }
  const no = (reason: string): Result => ({ state: 'refused', reason });
  if (state !== 'open') return no('the pull request is closed');
  if (head.sha !== headSha || refused.status === 409) return no('the head moved');
  if (refused.status !== 405 || mergeable === false) return no(refused.reason);
  if (mergeable === null || mergeable_state === 'unknown')
    throw new ForgeError(
      'http_error',
      'GitHub did not merge, and is still working out whether it can. It is asked again.',
    );
  return MERGEABLE.has(mergeable_state) ? undefined : no(refused.reason);
}
