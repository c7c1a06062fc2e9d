import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { JobReport, JobResult, JobSpec } from '../../core/protocol/job.ts';
import { GitError } from '../git/git-error.ts';
import type { Mirror } from '../git/mirror.ts';
import { redact } from '../git/redact.ts';
import { ONE_USER, type ProcessUsers } from '../process/process-users.ts';
import { validateId } from '../git/validate.ts';
import { runCheck } from './check.ts';
import { errorResult, type JobContext } from './job-context.ts';
import { runMerge } from './merge.ts';
import { runVerify } from './verify.ts';

/** Gates are heavy and agents run beside them. */
const MAX_JOBS_AT_ONCE = 2;

export interface JobRunner {
  /** Makes what runs equal to what should: starts new ids, forgets ids that are gone and aborts what runs of them. */
  reconcile(specs: readonly JobSpec[]): void;
  /** One for each wanted job; one that waits for its turn is `running`. */
  reports(): JobReport[];
  /** Aborts everything; resolves when nothing runs any more. A git command that is under way is waited for: bound it. */
  stop(): Promise<void>;
}

interface Entry {
  spec: JobSpec;
  controller: AbortController;
  result: JobResult | null;
}

function runJob(spec: JobSpec, context: JobContext): Promise<JobResult> {
  switch (spec.kind) {
    case 'verify':
      return runVerify(spec, context);
    case 'check':
      return runCheck(spec, context);
    case 'merge':
      return runMerge(spec, context);
    default: {
      const unknown: never = spec;
      throw new TypeError(`unknown job ${JSON.stringify(unknown)}`);
    }
  }
}

function resultOf(error: unknown): JobResult {
  if (error instanceof GitError) return errorResult(`git_${error.kind}`, error.message);
  const message = error instanceof Error ? error.message : String(error);
  return errorResult('internal', redact(message).slice(0, 2000));
}

/**
 * Runs the jobs that the town wants, at most two at a time, each once; a finished job keeps its result until the town no
 * longer lists it.
 * @param options.onChange a job has finished: a good time to sync
 */
export function createJobRunner(options: {
  mirrorFor: (rigId: string) => Promise<Mirror>;
  /** Variables that people set for gates. @default none */
  environment?: () => Promise<Readonly<Record<string, string>>>;
  /** Whom gates run as. @default the supervisor */
  users?: ProcessUsers;
  workDir: string;
  log: (message: string) => void;
  onChange: () => void;
}): JobRunner {
  const entries = new Map<string, Entry>();
  /** The last turn of each id: an aborted job that comes back waits until its first run has let go of its files. */
  const turns = new Map<string, Promise<void>>();
  const queue = new PQueue({ concurrency: MAX_JOBS_AT_ONCE });
  let isStopped = false;

  const run = async (entry: Entry): Promise<void> => {
    const { spec, controller } = entry;
    const { signal } = controller;
    if (signal.aborted) return;
    const { workDir, log, environment = async () => ({}), users = ONE_USER } = options;
    let result: JobResult;
    try {
      const mirror = await options.mirrorFor(spec.rigId);
      signal.throwIfAborted();
      result = await runJob(spec, { mirror, environment, users, workDir, log, signal });
    } catch (error) {
      result = resultOf(error);
    }
    if (signal.aborted) return;
    log(`job ${spec.jobId} (${spec.kind}): ${result.outcome}`);
    entry.result = result;
    options.onChange();
  };

  const start = (spec: JobSpec): void => {
    const entry: Entry = { spec, controller: new AbortController(), result: null };
    entries.set(spec.jobId, entry);
    const valid = validateId(spec.jobId);
    if (!valid.valid) {
      entry.result = errorResult('invalid_job_id', valid.reason);
      return;
    }
    const previous = turns.get(spec.jobId);
    const turn = queue.add(async () => {
      await previous;
      await run(entry);
      if (entry.controller.signal.aborted) await forgetFiles(spec.jobId);
      if (turns.get(spec.jobId) === turn) turns.delete(spec.jobId);
    });
    turns.set(spec.jobId, turn);
  };

  const forgetFiles = async (jobId: string): Promise<void> => {
    if (entries.has(jobId)) return;
    await rm(join(options.workDir, 'jobs', jobId), { recursive: true, force: true });
  };

  const drop = (jobId: string, entry: Entry): void => {
    entries.delete(jobId);
    if (entry.result === null) entry.controller.abort(new Error(`job ${jobId} is no longer wanted`));
    else if (validateId(jobId).valid) void queue.add(() => forgetFiles(jobId));
  };

  return {
    reconcile(specs) {
      if (isStopped) return;
      const wanted = new Map(specs.map((spec) => [spec.jobId, spec]));
      for (const [jobId, entry] of entries) if (!wanted.has(jobId)) drop(jobId, entry);
      for (const [jobId, spec] of wanted) if (!entries.has(jobId)) start(spec);
    },
    reports() {
      return [...entries].map(([jobId, { result }]) =>
        result === null ? { jobId, state: 'running' } : { jobId, state: 'done', result },
      );
    },
    async stop() {
      isStopped = true;
      for (const [jobId, entry] of entries) drop(jobId, entry);
      await queue.onIdle();
    },
  };
}
