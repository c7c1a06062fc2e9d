import { expect, test } from 'vitest';
import { mergeQueueJob } from '../../../../core/rules/merge-queue-job.ts';
import { seconds } from '../../../../core/town/instant.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import { CANDIDATE, mergeRequest, reviewedBead, runRules, T0, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const at = (stage: MergeRequest['stage'], over: Partial<MergeRequest> = {}) => ({
  beads: [reviewedBead('a')],
  mergeRequests: [mergeRequest('m', 'a', { stage, candidate: CANDIDATE, ...over })],
});
const failed = { jobErrors: 3, lastJobErrorAt: T0, lastJobError: 'no network', jobCount: 3 };

rows(mergeQueueJob, T0, [
  ...(['checking', 'merging'] as const).flatMap((stage) => [
    {
      situation: `${stage} asks for its job`,
      town: at(stage),
      decides: ['mergeRequest m'],
      reason: `${stage} job 1 asked for`,
      waits: [
        `mergeRequest m: progressing on ${stage === 'checking' ? 'trial merge and gates' : 'the merge'}`,
      ],
    },
    {
      situation: `${stage} waits for its job`,
      town: at(stage, { jobId: 'j' }),
      afterMs: seconds(100_000),
      reason: `job of gt/a into main`,
      dueAfterMs: null,
    },
    {
      situation: `a failed ${stage} job is tried again after a pause`,
      town: at(stage, failed),
      afterMs: seconds(20) - 1,
      reason: 'the job failed 3 times (no network); trying again',
      dueAfterMs: seconds(20),
    },
    {
      situation: `after the pause, ${stage} has another job`,
      town: at(stage, failed),
      afterMs: seconds(20),
      decides: ['mergeRequest m'],
      reason: `${stage} job 4 asked for`,
    },
  ]),
  ...(['queued', 'reviewing', 'open'] as const).map((stage) => ({
    situation: `${stage} has no job`,
    town: at(stage),
    waits: [],
  })),
]);

test('no job of a merge request has the id of another one', () => {
  const jobIdOf = (stage: MergeRequest['stage'], jobCount: number): unknown => {
    const [change] = runRules([mergeQueueJob], town(at(stage, { jobCount }))).changes;
    return change !== undefined && 'record' in change && 'jobId' in change.record && change.record.jobId;
  };
  const ids = [jobIdOf('checking', 0), jobIdOf('checking', 1), jobIdOf('merging', 1), jobIdOf('merging', 2)];
  expect(ids).toEqual(['checking.m.1', 'checking.m.2', 'merging.m.2', 'merging.m.3']);
});
