import {
  checkName,
  type Check,
  type CheckConclusion,
  type CheckRun,
  type CheckStatus,
  type CommitState,
} from '../state/check.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../world.ts';

/** The app that reports check runs here. */
export const CHECKS_APP = { slug: 'checks', login: 'checks[bot]', name: 'Checks' } as const;

export const checksOf = (repository: Repository, sha: string): readonly Check[] =>
  repository.checks.get(sha) ?? [];

const listOf = (repository: Repository, sha: string): Check[] => {
  const list = repository.checks.get(sha) ?? [];
  repository.checks.set(sha, list);
  return list;
};

export interface CheckReport {
  readonly status: CheckStatus;
  /** Only of a completed one. */
  readonly conclusion?: CheckConclusion;
  /** What it writes for people. */
  readonly summary?: string;
  /** It is a job of GitHub Actions, which has printed this. */
  readonly log?: string;
}

/** Reports on a check run of a commit: a new one, or the one of that name. */
export function reportCheckRun(
  world: World,
  repository: Repository,
  sha: string,
  report: CheckReport & { readonly name: string },
): CheckRun {
  const list = listOf(repository, sha);
  const { name, status, summary, log } = report;
  const conclusion = status === 'completed' ? (report.conclusion ?? 'success') : undefined;
  const completedAt = status === 'completed' ? world.now() : undefined;
  let check = list.find((item) => item.kind === 'checkRun' && item.name === name) as CheckRun | undefined;
  const isNew = check === undefined;
  if (check === undefined) {
    const suite = list.find((item) => item.kind === 'checkRun');
    check = {
      kind: 'checkRun',
      ...world.ids.pair('CR'),
      suiteId: suite?.suiteId ?? world.ids.next('CS'),
      name,
      sha,
      status,
      conclusion,
      startedAt: world.now(),
      completedAt,
      summary,
      log,
    };
    list.push(check);
  } else Object.assign(check, { status, conclusion, completedAt, summary, log });
  const about = { repository, check, sender: CHECKS_APP.login } as const;
  if (isNew) world.emit({ name: 'check_run', action: 'created', ...about });
  if (status === 'completed') {
    world.emit({ name: 'check_run', action: 'completed', ...about });
    const isSuiteDone = list.every((item) => item.kind === 'status' || item.status === 'completed');
    if (isSuiteDone) world.emit({ name: 'check_suite', action: 'completed', ...about });
  }
  return check;
}

/** Reports a status of a commit: a new one, or the one of that context. */
export function reportStatus(
  world: World,
  repository: Repository,
  sha: string,
  report: { context: string; state: CommitState; description?: string; creator: string },
): Extract<Check, { kind: 'status' }> {
  const list = listOf(repository, sha);
  const { context, state, description = '', creator } = report;
  const known = list.findIndex((item) => item.kind === 'status' && checkName(item) === context);
  const status = {
    kind: 'status',
    ...world.ids.pair('SC'),
    context,
    sha,
    creator,
    state,
    description,
    createdAt: world.now(),
  } as const;
  list.splice(known < 0 ? list.length : known, known < 0 ? 0 : 1, { ...status });
  world.emit({ name: 'status', repository, status, sender: creator });
  return status;
}
