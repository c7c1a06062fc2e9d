import type { JobResult } from '../../core/protocol/job.ts';
import type { Mirror } from '../git/mirror.ts';
import type { ProcessUsers } from '../process/process-users.ts';

/** What a job works with. A job throws GitError when the remote or the machine failed; the runner reports it. */
export interface JobContext {
  mirror: Mirror;
  /** Variables that people set for gates; asked for when gates run. Values are secret. @default none */
  environment?: () => Promise<Readonly<Record<string, string>>>;
  /** Whom gates run as. @default the supervisor */
  users?: ProcessUsers;
  /** The supervisor's directory; a job writes below `<workDir>/jobs/<jobId>` only. */
  workDir: string;
  log: (message: string) => void;
  /** Aborted when the town no longer wants the job. */
  signal: AbortSignal;
}

export const errorResult = (code: string, message: string): JobResult => ({
  outcome: 'error',
  code,
  message,
});
