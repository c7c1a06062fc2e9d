import type { Draft } from '../draft.ts';
import { MAX_BATCH, type JobResult } from '../protocol/job.ts';
import type { Step } from '../step.ts';
import { effectiveConfig } from '../town/config.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import { enterStage } from './merge-requests.ts';
import { usesPullRequest } from './pull-requests.ts';

type Member = NonNullable<MergeRequest['batch']>[number];

/** What can be merged on trial after others: a bead's verified head, merged by the town itself. */
const mayShare = (draft: Draft, mr: MergeRequest): boolean =>
  mr.subject.kind === 'bead' && mr.headSha !== undefined && !usesPullRequest(draft, mr);

/**
 * Those of the queue that are checked together with the one that gets the slot: they are merged on trial one after the other, and the gates run
 * once, on the last. One that was in a batch that failed is checked with fewer.
 * @param queue in the order of the merge queue
 */
export function batchFor(
  draft: Draft,
  first: MergeRequest,
  queue: readonly MergeRequest[],
): Member[] | undefined {
  const rig = draft.get('rig', first.rigId);
  const hasGates = rig !== undefined && effectiveConfig(draft.base.config, rig.config).gates.length > 0;
  if (!hasGates || !mayShare(draft, first)) return undefined;
  const batch: Member[] = [];
  let limit = first.batchLimit ?? MAX_BATCH;
  for (const mr of queue) {
    if (mr.id === first.id || mr.rigId !== first.rigId || mr.target !== first.target) continue;
    limit = Math.min(limit, mr.batchLimit ?? MAX_BATCH);
    if (batch.length + 1 >= limit || mr.headSha === undefined || !mayShare(draft, mr)) break;
    const { id, title, branch, headSha } = mr;
    batch.push({ id, title, branch, headSha });
  }
  return batch.length === 0 ? undefined : batch;
}

/** The gates passed for all: each has its trial merge, which holds when the one before it is merged. @returns the first one's own */
export function passBatch(
  step: Step,
  mr: MergeRequest,
  { headSha, targetSha, candidateSha, ahead = [] }: Extract<JobResult, { outcome: 'passed' }>,
): { headSha: string; candidate: MergeRequest['candidate'] } | undefined {
  const { batch = [] } = mr;
  const last = batch.at(-1);
  if (last === undefined) return { headSha, candidate: { targetSha, candidateSha } };
  const trials = new Map(
    [...ahead, { mergeRequestId: last.id, targetSha, candidateSha }].map((trial) => [
      trial.mergeRequestId,
      trial,
    ]),
  );
  const own = trials.get(mr.id);
  if (own === undefined || mr.headSha === undefined) return undefined;
  let behind = mr.id;
  for (const member of batch) {
    const other = step.draft.get('mergeRequest', member.id);
    const trial = trials.get(member.id);
    // Whatever comes after one that has changed was merged on trial onto what will not be.
    if (other?.stage !== 'queued' || other.headSha !== member.headSha || trial === undefined) break;
    const candidate = { targetSha: trial.targetSha, candidateSha: trial.candidateSha };
    step.draft.put('mergeRequest', { ...other, candidate, behind, batchLimit: undefined });
    behind = other.id;
  }
  return { headSha: mr.headSha, candidate: { targetSha: own.targetSha, candidateSha: own.candidateSha } };
}

/** Checked together they did not pass: those before `to` are checked again without the others. */
export function shrinkBatch(step: Step, mr: MergeRequest, to: number, reason: string): void {
  enterStage(step, mr, 'checking', reason, { batch: (mr.batch ?? []).slice(0, to), candidate: undefined });
}

/**
 * A gate failed on all of them together: the first half is checked alone. When that passes, the culprit is in the other half, which therefore
 * is split once more. An earlier failure is explained by this one: of whoever was in that and not in this nothing is known any more.
 */
export function splitBatch(step: Step, mr: MergeRequest, reason: string): void {
  const { batch = [] } = mr;
  const half = Math.ceil((batch.length + 1) / 2);
  const rest = batch.length + 1 - half;
  for (const other of step.draft.all('mergeRequest')) {
    if (other.rigId !== mr.rigId || other.id === mr.id) continue;
    const place = batch.findIndex(({ id }) => id === other.id) + 1;
    const batchLimit = place === 0 ? undefined : place < half ? half : Math.max(1, Math.floor(rest / 2));
    if (other.batchLimit !== batchLimit) step.draft.put('mergeRequest', { ...other, batchLimit });
  }
  shrinkBatch(step, { ...mr, batchLimit: half }, half - 1, reason);
}
