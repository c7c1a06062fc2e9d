import type { JobResult, MergeJob } from '../../core/protocol/job.ts';
import { GitError } from '../git/git-error.ts';
import { syncGateways } from '../git/gateway.ts';
import type { MirrorRepository } from '../git/mirror-repository.ts';
import { validateBranch } from '../git/validate.ts';
import { errorResult, type JobContext } from './job-context.ts';
import { candidateRef, HEAD_TRAILER } from './trial-merge.ts';

/** The commit on the target's own line that brought the head; the tip when somebody merged it in another way. */
async function findMerge(repository: MirrorRepository, head: string, tip: string): Promise<string> {
  const format = `--format=%H %(trailers:key=${HEAD_TRAILER},valueonly,separator=%x20)`;
  const listed = await repository.git(['log', '--first-parent', format, tip, '--not', head]);
  for (const row of listed.split('\n')) {
    const [sha, ...heads] = row.split(' ');
    if (sha !== undefined && heads.includes(head)) return sha;
  }
  return tip;
}

/** Fetches and says what the target's state means for this job; null when the merge is still to be done. */
async function decide(repository: MirrorRepository, job: MergeJob): Promise<JobResult | null> {
  await repository.fetch();
  const tip = await repository.commit(`refs/remotes/origin/${job.target}`);
  if (tip === null) return errorResult('target_missing', `the remote has no branch ${job.target}`);
  const isHeadKnown = (await repository.commit(job.headSha)) !== null;
  if (isHeadKnown && (await repository.isAncestor(job.headSha, tip))) {
    return { outcome: 'merged', mergeSha: await findMerge(repository, job.headSha, tip) };
  }
  return tip === job.targetSha ? null : { outcome: 'stale', reason: 'target_moved' };
}

/**
 * Makes the commit that the gates ran on the target's head, if the target is still what it was then. Whatever happened to
 * an earlier run, this one finds out from the remote.
 * @throws GitError
 */
export async function runMerge(job: MergeJob, context: JobContext): Promise<JobResult> {
  const valid = validateBranch(job.target);
  if (!valid.valid) return errorResult('invalid_branch', valid.reason);
  const { mirror, signal } = context;
  return mirror.exclusive(async (repository) => {
    const before = await decide(repository, job);
    if (before !== null) return finish(before);
    const parents = (await repository.commit(job.candidateSha))
      ? await repository.git(['rev-list', '--parents', '--max-count=1', job.candidateSha])
      : null;
    if (parents === null) return { outcome: 'stale', reason: 'candidate_missing' };
    if (parents !== `${job.candidateSha} ${job.targetSha} ${job.headSha}`) {
      return errorResult(
        'candidate_mismatch',
        'the candidate is not the merge of the evaluated head and target',
      );
    }
    signal.throwIfAborted();
    const ref = `refs/heads/${job.target}`;
    const refusal = await repository.push([`${job.candidateSha}:${ref}`], [[ref, job.targetSha]]).then(
      (pushed) => (pushed.outcome === 'pushed' ? 'the push was lost' : pushed.reason),
      (error: unknown) => {
        // The connection may have broken after the remote had taken the push: the remote knows.
        if (error instanceof GitError) return error;
        throw error;
      },
    );
    const after = await decide(repository, job);
    if (after !== null) return finish(after);
    if (refusal instanceof GitError) throw refusal;
    return errorResult('push_rejected', refusal);

    async function finish(result: JobResult): Promise<JobResult> {
      if (result.outcome === 'merged') await repository.deleteRef(candidateRef(job.mergeRequestId));
      await syncGateways(mirror.home, repository);
      return result;
    }
  });
}
