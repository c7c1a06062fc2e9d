import type { Step } from '../step.ts';
import type { Convoy } from '../town/convoy.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import { noUsage } from '../town/usage.ts';
import { release } from './agents.ts';
import { asFeedback, endBead, reopenBead } from './beads.ts';

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
): void {
  step.decide({ subject: { kind: 'mergeRequest', id: mr.id }, from: mr.stage, to: stage, reason });
  step.draft.put('mergeRequest', {
    ...mr,
    ...change,
    stage,
    stageSince: step.now,
    jobId: undefined,
    jobErrors: 0,
    lastJobErrorAt: undefined,
    lastJobError: undefined,
  });
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
  });
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

/** Not merged: final for the merge request; its bead is worked on again, its convoy tries again later. */
export function failMergeRequest(
  step: Step,
  mr: MergeRequest,
  failure: { code: string; message: string },
  next: { feedback?: string; hasCooldown: boolean },
): void {
  const { draft, now } = step;
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
  if (next.feedback !== undefined) repairConvoy(step, failed, next.feedback);
}

/** What keeps a convoy from landing is work like any other: a bead of the convoy, on its feature branch. */
function repairConvoy(step: Step, convoy: Convoy, feedback: string): void {
  const { draft, now } = step;
  const id = step.ids.next();
  const reason = 'its landing was refused: a bead repairs what kept it from landing';
  step.decide({ subject: { kind: 'bead', id }, to: 'open', reason });
  step.decide({ subject: { kind: 'convoy', id: convoy.id }, from: convoy.state, to: 'active', reason });
  draft.put('bead', {
    id,
    rev: 0,
    type: 'issue',
    rigId: convoy.rigId,
    title: `Make it ready to land: ${convoy.title}`.slice(0, MAX_TITLE_CHARS),
    hasBody: false,
    status: 'open',
    statusSince: now,
    priority: 'high',
    labels: ['landing-repair'],
    isHeld: false,
    dependsOn: [],
    convoyId: convoy.id,
    attempt: 0,
    doneRefusals: 0,
    feedback: asFeedback(feedback),
    usage: noUsage,
    createdBy: 'town',
    createdAt: now,
    updatedAt: now,
  });
  const beads = [...convoy.beads, { id, outcome: 'open' as const }];
  draft.put('convoy', { ...convoy, beads, state: 'active', stateSince: now });
}

/** Source: the HTTP contract. */
const MAX_TITLE_CHARS = 200;
