import type { JobResult, VerifyJob } from '../../core/protocol/job.ts';
import { dropBackup } from '../git/backup.ts';
import { restoreBranch } from '../git/branch-start.ts';
import { collectBranch, syncGateways } from '../git/gateway.ts';
import { GitError } from '../git/git-error.ts';
import type { MirrorRepository } from '../git/mirror-repository.ts';
import { validateBranch } from '../git/validate.ts';
import { findForeignCommits } from './foreign-commits.ts';
import { errorResult, type JobContext } from './job-context.ts';

type Refusal = 'branch_missing' | 'no_commits' | 'foreign_commits';
const refused = (reason: Refusal, detail: string): JobResult => ({ outcome: 'refused', reason, detail });

const short = (shas: readonly string[]): string =>
  shas
    .slice(0, 5)
    .map((sha) => sha.slice(0, 10))
    .join(', ');

async function checkClaim(
  repository: MirrorRepository,
  job: VerifyJob,
  base: string,
): Promise<{ head: string; commits: number } | JobResult> {
  const { branch } = job;
  const head = await restoreBranch(repository, branch);
  if (head === null) {
    const detail = `The branch ${branch} was never pushed. Commit your work and run: git push origin HEAD:${branch} - then say again that it is done.`;
    return refused('branch_missing', detail);
  }
  const commits = Number(await repository.git(['rev-list', '--count', head, '--not', base]));
  if (commits === 0) {
    const detail = `The branch ${branch} has no commit beyond ${job.base}. Commit your work, push it, then say again that it is done.`;
    return refused('no_commits', detail);
  }
  const foreign = await findForeignCommits(repository, {
    branch,
    head,
    base,
    foreignBranches: job.foreignBranches,
  });
  if (foreign !== null) {
    const detail = `The branch ${branch} contains ${foreign.shas.length} commit(s) of ${foreign.branch}, which is other work (${short(foreign.shas)}). Since ${branch} cannot be rewritten, undo them with: git revert - and if your own work needs them, say so instead of done.`;
    return refused('foreign_commits', detail);
  }
  return { head, commits };
}

/**
 * Checks what an agent claims to have finished and publishes it: the branch is there, has commits beyond its base and none
 * of another bead's. Run again after a crash it finds the branch published and answers the same.
 * @throws GitError
 */
export async function runVerify(job: VerifyJob, context: JobContext): Promise<JobResult> {
  for (const branch of [job.branch, job.base, ...job.foreignBranches]) {
    const valid = validateBranch(branch);
    if (!valid.valid) return errorResult('invalid_branch', `${branch}: ${valid.reason}`);
  }
  const { mirror } = context;
  return mirror.exclusive(async (repository) => {
    await repository.fetch();
    await collectBranch(mirror.home, repository, job.branch);
    const base = await repository.commit(`refs/remotes/origin/${job.base}`);
    if (base === null) return errorResult('base_missing', `the remote has no branch ${job.base}`);
    const claim = await checkClaim(repository, job, base);
    if ('outcome' in claim) return claim;
    context.signal.throwIfAborted();

    const { head, commits } = claim;
    const published = await repository.commit(`refs/remotes/origin/${job.branch}`);
    if (published !== null && !(await repository.isAncestor(published, head))) {
      const message = `the remote's ${job.branch} (${short([published])}) and the agent's (${short([head])}) have diverged`;
      return errorResult('remote_diverged', message);
    }
    if (published !== head) {
      const pushed = await repository.push([`${head}:refs/heads/${job.branch}`]);
      if (pushed.outcome === 'rejected') {
        await repository.fetch();
        const now = await repository.commit(`refs/remotes/origin/${job.branch}`);
        const isMoved = now !== published && now !== null && !(await repository.isAncestor(now, head));
        return errorResult(isMoved ? 'remote_diverged' : 'push_rejected', pushed.reason);
      }
      await repository.setRef(`refs/remotes/origin/${job.branch}`, head);
    }
    try {
      await dropBackup(repository, job.branch, head);
    } catch (error) {
      // The work is published; a backup left behind does no harm.
      if (!(error instanceof GitError)) throw error;
      context.log(error.message);
    }
    await syncGateways(mirror.home, repository);
    return { outcome: 'verified', headSha: head, commits };
  });
}
