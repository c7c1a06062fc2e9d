import { runGit, tryGit, gitFailure } from '../git/git.ts';
import type { MirrorRepository } from '../git/mirror-repository.ts';
import { CHECKOUT_TIMEOUT_MS } from '../git/shared-clone.ts';

/** Conflicting files that are named. */
const MAX_FILES = 100;

export const HEAD_TRAILER = 'Gastown-Head';
const MERGE_REQUEST_TRAILER = 'Gastown-Merge-Request';
const MAX_TITLE_LENGTH = 200;

export const candidateRef = (mergeRequestId: string): string => `refs/gastown/candidates/${mergeRequestId}`;

export type TrialMerge =
  | { outcome: 'merged'; candidateSha: string }
  | { outcome: 'conflict'; files: string[] };

export interface TrialMergeRequest {
  mergeRequestId: string;
  title: string;
  headSha: string;
  /** A commit of the mirror, or an earlier trial merge in the same directory. */
  targetSha: string;
  /** A shared clone of the mirror; holds the merged tree afterwards. */
  directory: string;
}

/** One line, so that a title cannot write trailers. */
function mergeMessage(request: TrialMergeRequest): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is left out
  const title = request.title.replaceAll(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
  const trailers = [
    `${MERGE_REQUEST_TRAILER}: ${request.mergeRequestId}`,
    `${HEAD_TRAILER}: ${request.headSha}`,
  ];
  return `Merge: ${title.slice(0, MAX_TITLE_LENGTH)}\n\n${trailers.join('\n')}\n`;
}

/** The later of the parents' dates: the same merge made again, also after a crash, is the same commit. */
async function mergeDate({ directory, headSha, targetSha }: TrialMergeRequest): Promise<string> {
  const dates = await runGit(['show', '--no-patch', '--format=%ct', headSha, targetSha], { cwd: directory });
  const latest = Math.max(...dates.split('\n').map(Number));
  return `@${latest} +0000`;
}

/**
 * Merges a head into its target in a repository apart from the mirror, so that gates can run in the merged tree without a
 * way to the mirror's refs. The candidate is kept in the mirror.
 * @throws GitError when the merge fails for another reason than a conflict, as with unrelated histories
 */
export async function makeTrialMerge(
  repository: MirrorRepository,
  request: TrialMergeRequest,
): Promise<TrialMerge> {
  const { directory } = request;
  const date = await mergeDate(request);
  const options = {
    cwd: directory,
    timeoutMs: CHECKOUT_TIMEOUT_MS,
    env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  };
  await runGit(['checkout', '--quiet', '--detach', request.targetSha], options);
  const args = ['merge', '--quiet', '--no-ff', '--no-edit', '-m', mergeMessage(request), request.headSha];
  const merge = await tryGit(args, options);
  if (merge.exitCode !== 0) {
    const unmerged = await runGit(['diff', '--name-only', '--diff-filter=U', '-z'], options);
    const files = unmerged.split('\0').filter((file) => file !== '');
    if (files.length === 0) throw gitFailure(args, options, merge);
    // The report of a container is bounded; nobody reads more.
    return { outcome: 'conflict', files: files.slice(0, MAX_FILES) };
  }
  const candidateSha = await runGit(['rev-parse', 'HEAD'], options);
  const ref = candidateRef(request.mergeRequestId);
  await repository.git([
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    directory,
    `+${candidateSha}:${ref}`,
  ]);
  return { outcome: 'merged', candidateSha };
}
