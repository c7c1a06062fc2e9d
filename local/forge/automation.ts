import { reportCheckRun } from './pull-requests/checks.ts';
import { submitReview } from './pull-requests/reviews.ts';
import type { CheckConclusion } from './state/check.ts';
import { isOpen, type PullRequest } from './state/pull-request.ts';
import type { World } from './world.ts';

export interface AutomaticReviewer {
  readonly login: string;
  /** After it was opened, pushed to or made ready. */
  readonly afterMs: number;
  /** What it says of a head. @default approves */
  readonly verdict?: (
    pull: Readonly<PullRequest>,
  ) =>
    | { readonly state: 'APPROVED' | 'COMMENTED'; readonly body?: string }
    | { readonly state: 'CHANGES_REQUESTED'; readonly body: string };
}

export interface AutomaticCheck {
  readonly name: string;
  /** Queued at once, in progress after a third of it, completed after all of it. */
  readonly afterMs: number;
  /** @default success */
  readonly conclusion?: CheckConclusion | ((pull: Readonly<PullRequest>) => CheckConclusion);
}

export interface Automation {
  readonly reviewer?: AutomaticReviewer;
  readonly checks?: readonly AutomaticCheck[];
}

/** A reviewer and checks that look at every new head by themselves. Only the last head of a pull request is reviewed. */
export function automate(world: World, automation: () => Automation): void {
  world.listen((event) => {
    if (event.name !== 'pull_request') return;
    const { pull, action } = event;
    const isNewHead = action === 'opened' || action === 'synchronize' || action === 'reopened';
    const { reviewer, checks = [] } = automation();
    if (isNewHead) for (const check of checks) runCheck(world, pull, check);
    if (reviewer !== undefined && !pull.isDraft && (isNewHead || action === 'ready_for_review'))
      reviewLater(world, pull, reviewer);
  });
}

function reviewLater(world: World, pull: PullRequest, reviewer: AutomaticReviewer): void {
  const { headSha } = pull;
  world.schedule.in(reviewer.afterMs, () => {
    if (!isOpen(pull) || pull.isDraft || pull.headSha !== headSha) return;
    const { state, body = '' } = reviewer.verdict?.(pull) ?? { state: 'APPROVED' };
    submitReview(world, pull, { author: reviewer.login, state, body });
  });
}

function runCheck(world: World, pull: PullRequest, check: AutomaticCheck): void {
  const { headSha, repository } = pull;
  const { name, afterMs } = check;
  const conclude = (): CheckConclusion =>
    typeof check.conclusion === 'function' ? check.conclusion(pull) : (check.conclusion ?? 'success');
  reportCheckRun(world, repository, headSha, { name, status: 'queued' });
  world.schedule.in(afterMs / 3, () => {
    reportCheckRun(world, repository, headSha, { name, status: 'in_progress' });
  });
  world.schedule.in(afterMs, () => {
    reportCheckRun(world, repository, headSha, { name, status: 'completed', conclusion: conclude() });
  });
}
