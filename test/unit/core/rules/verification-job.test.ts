import { expect, test } from 'vitest';
import { verificationJob } from '../../../../core/rules/verification-job.ts';
import { seconds } from '../../../../core/town/instant.ts';
import { claimedBead, runRules, T0, town, workedBead, worker } from '../town-builder.ts';
import { rows } from './rows.ts';

const agents = [worker('x', 'a')];
const failed = { jobId: undefined, jobErrors: 2, lastJobErrorAt: T0 };

rows(verificationJob, T0, [
  {
    situation: 'a claim to be done is verified',
    town: { agents, beads: [claimedBead('a', 'x', { jobId: undefined })] },
    decides: ['bead a'],
    reason: 'verification of gt/a asked for',
    waits: ['bead a: progressing on verification'],
  },
  {
    situation: 'its job is waited for',
    town: { agents, beads: [claimedBead('a', 'x')] },
    afterMs: seconds(100_000),
    reason: 'waits for the verification of gt/a',
    dueAfterMs: null,
  },
  {
    situation: 'a job that failed is tried again after a pause',
    town: { agents, beads: [claimedBead('a', 'x', failed)] },
    afterMs: seconds(10) - 1,
    reason: 'verification failed 2 times; trying again',
    dueAfterMs: seconds(10),
  },
  {
    situation: 'after the pause it has another job',
    town: { agents, beads: [claimedBead('a', 'x', failed)] },
    afterMs: seconds(10),
    decides: ['bead a'],
  },
  {
    situation: 'without a claim there is nothing to verify',
    town: { agents, beads: [workedBead('a', 'x')] },
    waits: [],
  },
]);

test('no verification has the id of another one: not of another attempt, claim or try', () => {
  const ids = [
    { attempt: 1 },
    { attempt: 2 },
    { attempt: 1, doneRefusals: 1 },
    { attempt: 1, done: { agentId: 'x', branch: 'gt/a', at: T0, jobErrors: 1 } },
  ].map((over) => {
    const beads = [{ ...claimedBead('a', 'x', { jobId: undefined }), ...over }];
    const [change] = runRules([verificationJob], town({ agents, beads })).changes;
    return change?.kind === 'bead' && change.op === 'update' ? change.record.done?.jobId : undefined;
  });
  expect(new Set(ids).size).toBe(4);
});
