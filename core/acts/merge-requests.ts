import type { Decision, Step } from '../step.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import { release } from './agents.ts';
import { endBead, endingCost, reopenBead } from './beads.ts';
import { REPAIR_COST, repairConvoy, repairPullRequest } from './repairs.ts';
import { TELL_COST, tellMayor } from './tell-mayor.ts';

/** A merge request enters the queue of its rig. */
export function queueMergeRequest(
  step: Step,
  of: Pick<MergeRequest, 'rigId' | 'subject' | 'title' | 'branch' | 'target' | 'headSha'>,
  reason: string,
): MergeRequest {
  const mr = step.draft.put('mergeRequest', {
    ...of,
    id: step.ids.next(),
    rev: 0,
    stage: 'queued',
    stageSince: step.now,
    jobCount: 0,
    jobErrors: 0,
    staleCount: 0,
    reviewAttempt: 0,
    createdAt: step.now,
    updatedAt: step.now,
  });
  step.decide({ subject: { kind: 'mergeRequest', id: mr.id }, to: 'queued', reason });
  return mr;
}

/** The next stage; the job of the last one is forgotten, which acknowledges its result to the container. */
export function enterStage(
  step: Step,
  mr: MergeRequest,
  stage: 'queued' | 'checking' | 'reviewing' | 'open' | 'merging',
  reason: string,
  change: Partial<MergeRequest> = {},
): Decision {
  const { pullRequest } = { ...mr, ...change };
  step.draft.put('mergeRequest', {
    ...mr,
    batch: undefined,
    behind: undefined,
    ...change,
    // What is known of it is older than the stage: it is looked at before it is merged, and people have their time once more.
    ...(stage === 'open' && pullRequest?.number !== undefined
      ? { pullRequest: { ...pullRequest, observedAt: 0, readySince: undefined } }
      : {}),
    stage,
    stageSince: step.now,
    jobId: undefined,
    jobErrors: 0,
    lastJobErrorAt: undefined,
    lastJobError: undefined,
  });
  return step.decide({ subject: { kind: 'mergeRequest', id: mr.id }, from: mr.stage, to: stage, reason });
}

/** Final for the merge request itself, whatever it means for its bead or convoy. */
export function endMergeRequest(
  step: Step,
  mr: MergeRequest,
  end: { stage: 'merged' | 'failed'; reason: string } & Pick<MergeRequest, 'mergeSha' | 'failure'>,
): void {
  const { reason, ...change } = end;
  release(step, mr.reviewerAgentId, { outcome: 'cancelled', reason });
  step.decide({ subject: { kind: 'mergeRequest', id: mr.id }, from: mr.stage, to: end.stage, reason });
  step.draft.archive('mergeRequest', {
    ...mr,
    ...change,
    stageSince: step.now,
    closedAt: step.now,
    jobId: undefined,
    reviewerAgentId: undefined,
    batch: undefined,
    behind: undefined,
  });
  letFollow(step, mr.id, end.stage === 'merged');
}

/** Whoever was checked together with it and after it: its trial merge holds now, or was made onto what will not be. */
function letFollow(step: Step, id: string, isMerged: boolean): void {
  for (const other of step.draft.all('mergeRequest')) {
    if (other.behind !== id) continue;
    step.draft.put('mergeRequest', {
      ...other,
      behind: undefined,
      ...(isMerged ? {} : { candidate: undefined }),
    });
    if (!isMerged) letFollow(step, other.id, false);
  }
}

/** Merged: final for the merge request and for its bead or convoy. */
export function finishMerge(
  step: Step,
  mr: MergeRequest,
  mergeSha: string | undefined,
  reason: string,
): void {
  const { draft, now } = step;
  endMergeRequest(step, mr, { stage: 'merged', mergeSha, reason });
  if (mr.subject.kind === 'bead') {
    const bead = draft.get('bead', mr.subject.id);
    if (bead !== undefined) endBead(step, bead, { status: 'closed', reason: `merged into ${mr.target}` });
    return;
  }
  const convoy = draft.get('convoy', mr.subject.id);
  if (convoy === undefined) return;
  step.decide({ subject: { kind: 'convoy', id: convoy.id }, from: convoy.state, to: 'landed', reason });
  draft.archive('convoy', {
    ...convoy,
    state: 'landed',
    stateSince: now,
    closedAt: now,
    attention: undefined,
  });
}

/** Items that the end of a merge request writes at most: itself twice (live and archived), its reviewer, and its bead or convoy. */
export function endCost(step: Step, mr: MergeRequest): number {
  const bead = mr.subject.kind === 'bead' ? step.draft.get('bead', mr.subject.id) : undefined;
  const followers = step.draft.all('mergeRequest').filter(({ behind }) => behind !== undefined).length;
  return 5 + followers + (bead === undefined ? REPAIR_COST : endingCost(step, bead));
}

/**
 * Not accepted by the town's own check or review. Final for the merge request; its bead is worked on again, its convoy tries again later. One
 * that is an open pull request goes on being one, and is repaired: what people do with it meanwhile is still seen (H-24).
 */
export function failMergeRequest(
  step: Step,
  mr: MergeRequest,
  failure: { code: string; message: string },
  next: { feedback?: string; hasCooldown: boolean },
): void {
  const { draft, now } = step;
  if (mr.pullRequest?.number !== undefined) {
    release(step, mr.reviewerAgentId, { outcome: 'cancelled', reason: failure.message });
    const pullRequest = { ...mr.pullRequest, problem: failure.message };
    const change = { candidate: undefined, reviewerAgentId: undefined, pullRequest };
    enterStage(step, mr, 'open', failure.message, change);
    const failed = draft.get('mergeRequest', mr.id);
    if (failed === undefined || next.feedback === undefined) return;
    repairPullRequest(step, failed, {
      title: `Repair the pull request: ${mr.title}`,
      label: 'pr-feedback',
      feedback: next.feedback,
      reason: failure.message,
    });
    return;
  }
  endMergeRequest(step, mr, { stage: 'failed', failure, reason: failure.message });
  if (mr.subject.kind === 'bead') {
    const bead = draft.get('bead', mr.subject.id);
    if (bead !== undefined) reopenBead(step, bead, { reason: failure.message, ...next });
    return;
  }
  const convoy = draft.get('convoy', mr.subject.id);
  if (convoy === undefined) return;
  const failed = draft.put('convoy', {
    ...convoy,
    landingMergeRequestId: undefined,
    landingAttempts: convoy.landingAttempts + 1,
    lastLandingFailedAt: now,
    attention: failure,
  });
  if (next.feedback === undefined) return;
  const reason = 'its landing was refused: a bead repairs what kept it from landing';
  repairConvoy(step, failed, { feedback: next.feedback, reason });
}

/** Somebody has closed its pull request: the answer to the work was no, and nothing is tried again by itself. */
export function closeUnmerged(step: Step, mr: MergeRequest): void {
  const { draft, now } = step;
  const message = `somebody closed the pull request ${mr.pullRequest?.url ?? mr.title} without merging it`;
  const attention = { code: 'pull_request_closed', message };
  endMergeRequest(step, mr, { stage: 'failed', failure: attention, reason: message });
  const bead = mr.subject.kind === 'bead' ? draft.get('bead', mr.subject.id) : undefined;
  if (bead !== undefined)
    endBead(step, bead, { status: 'failed', reason: message, failureCode: attention.code });
  const convoy = mr.subject.kind === 'convoy' ? draft.get('convoy', mr.subject.id) : undefined;
  if (convoy !== undefined) {
    const subject = { kind: 'convoy', id: convoy.id } as const;
    step.decide({ subject, from: convoy.state, to: 'needs_attention', reason: message });
    const state = 'needs_attention' as const;
    draft.put('convoy', { ...convoy, state, stateSince: now, attention, landingMergeRequestId: undefined });
  }
  tellMayor(step, `${message}: "${mr.title}".`, 'queue');
}

/** Items that `closeUnmerged` writes. */
export const closeCost = (step: Step, mr: MergeRequest): number => endCost(step, mr) + TELL_COST;
