import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckJob, JobResult } from '../../core/protocol/job.ts';
import type { MirrorRepository } from '../git/mirror-repository.ts';
import { assertValid, validateBranch, validateId } from '../git/validate.ts';
import { giveTreeTo } from '../process/process-user.ts';
import { ONE_USER } from '../process/process-users.ts';
import { runGate } from './gate.ts';
import { errorResult, type JobContext } from './job-context.ts';
import { makeSharedClone } from '../git/shared-clone.ts';
import { makeTrialMerge } from './trial-merge.ts';

type Merged = { targetSha: string; candidateSha: string };
type Ahead = (Merged & { mergeRequestId: string })[];
type Candidate = Merged & { headSha: string; ahead?: Ahead };

async function makeCandidate(
  repository: MirrorRepository,
  job: CheckJob,
  directory: string,
): Promise<Candidate | JobResult> {
  await repository.fetch();
  const targetSha = await repository.commit(`refs/remotes/origin/${job.target}`);
  if (targetSha === null) return errorResult('target_missing', `the remote has no branch ${job.target}`);
  const headSha = await repository.commit(job.headSha ?? `refs/remotes/origin/${job.branch}`);
  if (headSha === null) {
    const missing = job.headSha === null ? `branch ${job.branch}` : `commit ${job.headSha}`;
    return errorResult('head_missing', `the remote has no ${missing}`);
  }
  if (await repository.isAncestor(headSha, targetSha)) return { outcome: 'nothing_to_merge' };
  await makeSharedClone(repository.directory, directory);
  const before = await mergeAhead(repository, job, targetSha, directory);
  if (!Array.isArray(before)) return before;
  const onto = before.at(-1)?.candidateSha ?? targetSha;
  const { mergeRequestId, title } = job;
  const merge = await makeTrialMerge(repository, {
    mergeRequestId,
    title,
    headSha,
    targetSha: onto,
    directory,
  });
  if (merge.outcome === 'conflict') return merge;
  const candidate = { headSha, targetSha: onto, candidateSha: merge.candidateSha };
  return before.length === 0 ? candidate : { ...candidate, ahead: before };
}

/** The trial merges of the rest of the batch, each onto the one before. */
async function mergeAhead(
  repository: MirrorRepository,
  { ahead = [] }: CheckJob,
  targetSha: string,
  directory: string,
): Promise<Ahead | JobResult> {
  const merged: Ahead = [];
  let onto = targetSha;
  for (const { mergeRequestId, title, headSha } of ahead) {
    assertValid('merge request id', mergeRequestId, validateId(mergeRequestId));
    if ((await repository.commit(headSha)) === null)
      return errorResult('head_missing', `the remote has no commit ${headSha}`);
    let candidateSha = onto;
    if (!(await repository.isAncestor(headSha, onto))) {
      const merge = await makeTrialMerge(repository, {
        mergeRequestId,
        title,
        headSha,
        targetSha: onto,
        directory,
      });
      if (merge.outcome === 'conflict') return { ...merge, mergeRequestId };
      ({ candidateSha } = merge);
    }
    merged.push({ mergeRequestId, targetSha: onto, candidateSha });
    onto = candidateSha;
  }
  return merged;
}

/** @returns what the first gate that fails says; undefined: all pass */
async function runGates(job: CheckJob, context: JobContext, home: string): Promise<JobResult | undefined> {
  if (job.gates.length === 0) return undefined;
  const directory = join(home, 'tree');
  const variables = (await context.environment?.()) ?? {};
  return (context.users ?? ONE_USER).forJob(async (user) => {
    await giveTreeTo(user, directory);
    for (const [index, command] of job.gates.entries()) {
      context.log(`job ${job.jobId}: gate ${index + 1} of ${job.gates.length}`);
      const gate = await runGate({
        command,
        directory,
        scratch: join(home, `gate-${index + 1}`),
        timeoutMs: job.gateTimeoutSeconds * 1000,
        variables,
        secrets: [...(await context.mirror.secrets()), ...Object.values(variables)],
        signal: context.signal,
        user,
      });
      if (gate.outcome === 'failed') {
        const { exitCode, outputTail } = gate;
        return { outcome: 'gate_failed', gate: command, exitCode, outputTail };
      }
    }
    return undefined;
  });
}

/**
 * Merges the evaluated head into its target, after those ahead of it, on a trial commit and runs the gates on that. The mirror is held for the merge
 * only, not for the gates. Run again it makes the same candidate.
 * @throws GitError; the abort reason when the job is no longer wanted
 */
export async function runCheck(job: CheckJob, context: JobContext): Promise<JobResult> {
  assertValid('job id', job.jobId, validateId(job.jobId));
  assertValid('merge request id', job.mergeRequestId, validateId(job.mergeRequestId));
  for (const branch of [job.branch, job.target]) {
    const valid = validateBranch(branch);
    if (!valid.valid) return errorResult('invalid_branch', `${branch}: ${valid.reason}`);
  }
  const home = join(context.workDir, 'jobs', job.jobId);
  const directory = join(home, 'tree');
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  try {
    const candidate = await context.mirror.exclusive((repository) =>
      makeCandidate(repository, job, directory),
    );
    if ('outcome' in candidate) return candidate;
    const failed = await runGates(job, context, home);
    return failed ?? { outcome: 'passed', ...candidate };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
