import type { Blocker } from '../pull-request/blocker.ts';
import type { ForgeReport, Observation } from '../pull-request/observation.ts';
import type { Step } from '../step.ts';
import type { Instant } from '../town/instant.ts';
import { isUnseen, type MergeRequest, type PullRequest } from '../town/merge-request.ts';
import { endCost, enterStage, finishMerge } from './merge-requests.ts';
import { newPullRequest, noteForgeFailure } from './pull-requests.ts';

/**
 * What a forge says of a pull request. One that is older than the last changes nothing; one for which the step has no room is due again, since
 * nothing says that it was looked at.
 * @param askedAt the town's clock when it was asked for: what the forge told of later may not be in it
 */
export function applyReport(step: Step, report: ForgeReport, askedAt: Instant): void {
  const mr = step.draft.get('mergeRequest', report.mergeRequestId);
  if (mr === undefined) return;
  if ('failure' in report) return noteForgeFailure(step, mr, report.failure);
  const { pullRequest: before = newPullRequest } = mr;
  const isOther = before.number !== undefined && before.number !== report.number;
  if (isOther || report.at < before.at) return;
  if (report.state === 'merged') {
    const { mergeSha, number } = report;
    const as = mergeSha === undefined ? '' : ` as ${mergeSha.slice(0, 8)}`;
    if (step.hasRoom(endCost(step, mr)))
      finishMerge(step, mr, mergeSha, `pull request ${number} is merged into ${report.baseBranch}${as}`);
    return;
  }
  if (!step.hasRoom(1)) return;
  const pullRequest = seen(step, before, report, askedAt);
  const next = step.draft.put('mergeRequest', { ...mr, pullRequest, forgeFailures: undefined });
  sayWhatChanged(step, next, before, pullRequest);
  // A merge that is under way has its head pinned, and a check looks at the branch again when it is done.
  if (mr.stage !== 'open' || report.state !== 'open') return;
  const isMoved = mr.headSha !== undefined && report.headSha !== mr.headSha;
  if (!isMoved && report.baseBranch === mr.target) return;
  const { headSha, baseBranch: target } = report;
  const what = isMoved ? `its head is ${headSha.slice(0, 8)} now` : `its target is ${target} now`;
  checkAgain(step, next, { headSha, target }, `${what}: what was checked no longer applies`);
}

/** Back into the queue, to be checked as it is now; as a pull request it stays open. */
export function checkAgain(
  step: Step,
  mr: MergeRequest,
  change: Pick<MergeRequest, 'headSha'> & Partial<Pick<MergeRequest, 'target'>>,
  reason: string,
): void {
  const { pullRequest = newPullRequest } = mr;
  enterStage(step, mr, 'queued', reason, {
    ...change,
    candidate: undefined,
    reviewAttempt: 0,
    // Due to be looked at: what blocked it may be gone.
    pullRequest: { ...pullRequest, observedAt: 0, readySince: undefined, problem: undefined },
  });
}

function seen(step: Step, before: PullRequest, report: Observation, askedAt: Instant): PullRequest {
  const { now } = step;
  const { number, url, headSha, blockers, feedback, at, state } = report;
  const isClosed = state === 'closed';
  const isClear = !isClosed && blockers.length === 0;
  const isAwaiting = blockers.some(({ kind }) => kind === 'needsApproval');
  const isSameHead = before.headSha === headSha;
  const isDropped = isQueued(before.blockers) && !isQueued(blockers) && !isClosed;
  // What the forge should have said since the last look and did not: it is asked often again.
  const isMissed =
    !isUnseen(before) &&
    (!isSameHead ||
      isClosed !== (before.closedSince !== undefined) ||
      isAwaiting !== (before.awaitingApprovalSince !== undefined));
  return {
    ...before,
    number,
    url,
    headSha,
    blockers,
    feedback,
    at,
    observedAt: now,
    lookedFrom: askedAt,
    heardAt: isMissed ? undefined : before.heardAt,
    queueDrops: isSameHead ? (before.queueDrops ?? 0) + (isDropped ? 1 : 0) || undefined : undefined,
    readySince: isClear ? ((isSameHead ? before.readySince : undefined) ?? now) : undefined,
    awaitingApprovalSince: isAwaiting ? (before.awaitingApprovalSince ?? now) : undefined,
    closedSince: isClosed ? (before.closedSince ?? now) : undefined,
  };
}

const isQueued = (blockers: readonly Blocker[]): boolean =>
  blockers.some(({ kind }) => kind === 'inMergeQueue');

/** Transitions only: what is as it was is no news. */
function sayWhatChanged(step: Step, { id }: MergeRequest, before: PullRequest, after: PullRequest): void {
  const subject = { kind: 'mergeRequest', id } as const;
  if (before.number === undefined)
    step.decide({ subject, reason: `it is the pull request ${after.url ?? after.number}` });
  const since = before.awaitingApprovalSince;
  if (since === undefined && after.awaitingApprovalSince !== undefined)
    step.decide({ subject, to: 'awaitingApproval', reason: 'the repository wants an approval' });
  if (since !== undefined && after.awaitingApprovalSince === undefined) {
    const reason = `no approval is missing any more, after ${Math.round((step.now - since) / 60_000)} minutes`;
    step.decide({ subject, from: 'awaitingApproval', reason });
  }
  if (before.closedSince === undefined && after.closedSince !== undefined)
    step.decide({
      subject,
      to: 'pullRequestClosed',
      reason: 'somebody closed the pull request without merging it',
    });
  if (before.closedSince !== undefined && after.closedSince === undefined)
    step.decide({ subject, from: 'pullRequestClosed', reason: 'somebody opened the pull request again' });
}
