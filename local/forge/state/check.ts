export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'pending' | 'requested';
export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
  | 'startup_failure'
  | 'stale';

/** A check run of a GitHub App, on one commit. */
export interface CheckRun {
  readonly kind: 'checkRun';
  readonly id: number;
  readonly nodeId: string;
  readonly suiteId: number;
  readonly name: string;
  readonly sha: string;
  status: CheckStatus;
  conclusion: CheckConclusion | undefined;
  readonly startedAt: number;
  completedAt: number | undefined;
  /** What it wrote for people. */
  summary?: string | undefined;
  /** Of a job of GitHub Actions: what it printed. */
  log?: string | undefined;
}

export type CommitState = 'pending' | 'success' | 'failure' | 'error';

/** The older kind: a word about a commit, under a context. */
export interface CommitStatus {
  readonly kind: 'status';
  readonly id: number;
  readonly nodeId: string;
  readonly context: string;
  readonly sha: string;
  readonly creator: string;
  state: CommitState;
  description: string;
  createdAt: number;
}

export type Check = CheckRun | CommitStatus;

export const checkName = (check: Check): string => (check.kind === 'status' ? check.context : check.name);

const PASSING = new Set<string | undefined>(['success', 'neutral', 'skipped']);

export function checkOutcome(check: Check): 'passed' | 'failed' | 'pending' {
  if (check.kind === 'status') {
    if (check.state === 'pending') return 'pending';
    return check.state === 'success' ? 'passed' : 'failed';
  }
  if (check.status !== 'completed') return 'pending';
  return PASSING.has(check.conclusion) ? 'passed' : 'failed';
}
