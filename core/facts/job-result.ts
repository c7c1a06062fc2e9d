import { endBead } from '../acts/beads.ts';
import { refuseDone } from '../acts/done-claims.ts';
import { release } from '../acts/agents.ts';
import { passBatch, shrinkBatch, splitBatch } from '../acts/batches.ts';
import { checkAgain } from '../acts/pull-request-reports.ts';
import {
  endCost,
  enterStage,
  failMergeRequest,
  finishMerge,
  queueMergeRequest,
} from '../acts/merge-requests.ts';
import type { JobResult } from '../protocol/job.ts';
import type { Step } from '../step.ts';
import { baseBranch } from '../town/branches.ts';
import { effectiveConfig } from '../town/config.ts';
import type { Bead } from '../town/bead.ts';
import type { MergeRequest } from '../town/merge-request.ts';

/** The target may move away under a merge request this often before its bead is worked on again. */
const MAX_STALE = 10;
/** Conflicting files that a message names. */
const NAMED_FILES = 20;

/** Items that the end of a verification writes: the bead, its agent, its attempt, what was to be said to it, a merge request. */
const VERIFICATION_COST = 7;

/**
 * A finished job of the container. One that nobody waits for any more changes nothing; one for which this step has no room
 * still stands in the observed state for the next.
 */
export function applyJobResult(step: Step, jobId: string, result: JobResult): void {
  for (const bead of step.draft.all('bead')) {
    if (bead.done?.jobId !== jobId) continue;
    if (step.hasRoom(VERIFICATION_COST)) applyVerification(step, bead, result);
    return;
  }
  for (const mr of step.draft.all('mergeRequest')) {
    if (mr.jobId !== jobId) continue;
    if (step.hasRoom(endCost(step, mr))) applyMergeJob(step, mr, result);
    return;
  }
}

function applyVerification(step: Step, bead: Bead, result: JobResult): void {
  const { draft, now } = step;
  const { done } = bead;
  if (done === undefined) return;
  if (result.outcome === 'refused') return refuseDone(step, bead, result.detail);
  if (result.outcome === 'verified') {
    const rig = draft.get('rig', bead.rigId);
    if (rig === undefined) return;
    const reason = `verified: ${result.commits} commits on ${done.branch}`;
    if (bead.repairOf !== undefined) return applyRepair(step, bead, result.headSha, reason);
    release(step, bead.assigneeAgentId, { outcome: 'done', reason });
    step.decide({ subject: { kind: 'bead', id: bead.id }, from: bead.status, to: 'in_review', reason });
    const current = draft.get('bead', bead.id) ?? bead;
    draft.put('bead', {
      ...current,
      status: 'in_review',
      statusSince: now,
      assigneeAgentId: undefined,
      done: undefined,
      feedback: undefined,
    });
    const target = baseBranch(rig, draft.get('convoy', bead.convoyId));
    const subject = { kind: 'bead', id: bead.id } as const;
    const { rigId, title } = bead;
    queueMergeRequest(
      step,
      { rigId, subject, title, branch: done.branch, target, headSha: result.headSha },
      reason,
    );
    return;
  }
  const problem = jobProblem(result);
  step.decide({
    subject: { kind: 'bead', id: bead.id },
    reason: `verification failed, trying again: ${problem}`,
  });
  const next = { ...done, jobId: undefined, jobErrors: done.jobErrors + 1, lastJobErrorAt: now };
  draft.put('bead', { ...bead, done: next });
}

/** A pull request is repaired on its own branch: its bead is done, and the town checks the new head. */
function applyRepair(step: Step, bead: Bead, headSha: string, reason: string): void {
  endBead(step, bead, { status: 'closed', reason });
  const mr = step.draft.get('mergeRequest', bead.repairOf);
  if (mr !== undefined) checkAgain(step, mr, { headSha }, `repaired: ${bead.title}`);
}

function applyMergeJob(step: Step, mr: MergeRequest, result: JobResult): void {
  const { draft, now } = step;
  const { batch = [] } = mr;
  switch (result.outcome) {
    case 'passed': {
      const rig = draft.get('rig', mr.rigId);
      if (rig === undefined) return;
      const { codeReview } = effectiveConfig(draft.base.config, rig.config);
      const own = passBatch(step, mr, result);
      if (own === undefined) return shrinkBatch(step, mr, 0, 'what it was checked together with has changed');
      const reason = codeReview
        ? 'merges cleanly, gates passed'
        : 'merges cleanly, gates passed; reviews are off';
      const { pullRequest } = mr;
      enterStage(step, mr, codeReview ? 'reviewing' : 'open', reason, {
        ...own,
        batchLimit: undefined,
        ...(pullRequest === undefined ? {} : { pullRequest: { ...pullRequest, problem: undefined } }),
        reviewCooldownFrom: undefined,
      });
      return;
    }
    case 'nothing_to_merge':
      if (batch.length > 0)
        return shrinkBatch(step, mr, batch.length - 1, 'the last of the batch has nothing to merge');
      if (mr.subject.kind === 'bead') return finishMerge(step, mr, undefined, `${mr.target} has it already`);
      return failMergeRequest(
        step,
        mr,
        { code: 'no_work_produced', message: `${mr.branch} has no commit that ${mr.target} lacks` },
        { hasCooldown: true },
      );
    case 'conflict': {
      const { mergeRequestId = batch.at(-1)?.id } = result;
      const place = batch.findIndex(({ id }) => id === mergeRequestId);
      if (place >= 0) return shrinkBatch(step, mr, place, 'one behind it conflicts with what is before that');
      const named = result.files.slice(0, NAMED_FILES).join(', ');
      const more = result.files.length - NAMED_FILES;
      const message = `${mr.branch} conflicts with ${mr.target} in ${named}${more > 0 ? ` and ${more} more` : ''}`;
      const feedback = `${message}. Merge origin/${mr.target} into your branch, resolve the conflicts, and push.`;
      return failMergeRequest(step, mr, { code: 'conflict', message }, { feedback, hasCooldown: false });
    }
    case 'gate_failed': {
      const message = `gate failed: ${result.gate} (exit code ${result.exitCode ?? 'none: time limit'})`;
      if (batch.length > 0)
        return splitBatch(
          step,
          mr,
          `${message} on ${batch.length + 1} together: half of them are checked alone`,
        );
      const feedback = `${message}\n${result.outputTail}`;
      return failMergeRequest(step, mr, { code: 'gate_failed', message }, { feedback, hasCooldown: false });
    }
    case 'merged':
      return finishMerge(
        step,
        mr,
        result.mergeSha,
        `merged into ${mr.target} as ${result.mergeSha.slice(0, 8)}`,
      );
    case 'stale': {
      if (mr.staleCount + 1 >= MAX_STALE) {
        const message = `${mr.target} moved ${MAX_STALE} times between check and merge`;
        return failMergeRequest(step, mr, { code: 'target_moving', message }, { hasCooldown: true });
      }
      const change = { candidate: undefined, staleCount: mr.staleCount + 1 };
      enterStage(step, mr, 'checking', `what was checked no longer applies: ${result.reason}`, change);
      return;
    }
    case 'verified':
    case 'refused':
    case 'error': {
      const problem = jobProblem(result);
      step.decide({
        subject: { kind: 'mergeRequest', id: mr.id },
        reason: `job failed, trying again: ${problem}`,
      });
      draft.put('mergeRequest', {
        ...mr,
        jobId: undefined,
        jobErrors: mr.jobErrors + 1,
        lastJobErrorAt: now,
        lastJobError: problem,
      });
    }
  }
}

const jobProblem = (result: JobResult): string =>
  result.outcome === 'error' ? `${result.message} (${result.code})` : `unexpected outcome ${result.outcome}`;
