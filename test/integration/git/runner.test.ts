import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CheckJob, JobReport } from '../../../core/protocol/job.ts';
import { createJobRunner, type JobRunner } from '../../../task-image/jobs/runner.ts';
import { createTown, eventually, type Town } from './fixture.ts';

let town: Town;
let runner: JobRunner;
let changes: number;

beforeEach(async () => {
  town = await createTown();
  changes = 0;
  runner = createJobRunner({
    mirrorFor: async (rigId) => {
      if (rigId !== 'rig-1') throw new RangeError(`no rig ${rigId}, see https://user:secret@host/`);
      return town.mirror;
    },
    workDir: town.workDir,
    log: () => {},
    onChange: () => {
      changes += 1;
    },
  });
  await town.work('toast', 'gt/toast/1', 'src/a.ts');
  await town.mirror.fetch();
});
afterEach(async () => {
  await runner.stop();
  await town.remove();
});

const check = async (jobId: string, ...gates: string[]): Promise<CheckJob> => ({
  kind: 'check',
  jobId,
  rigId: 'rig-1',
  mergeRequestId: jobId,
  title: jobId,
  branch: 'gt/toast/1',
  headSha: await town.mirror.exclusive(async (repository) => repository.commit('refs/heads/gt/toast/1')),
  target: 'main',
  gates,
  gateTimeoutSeconds: 30,
});

const report = (jobId: string): JobReport | undefined =>
  runner.reports().find((each) => each.jobId === jobId);
const isDone = async (jobId: string): Promise<boolean> => report(jobId)?.state === 'done';
const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

test('a job runs once and keeps its result until the town has it', async () => {
  const marker = join(town.root, 'runs');
  const spec = await check('job-1', `echo run >> ${marker}; test "$(wc -l < ${marker})" = 1`);
  runner.reconcile([spec]);
  expect(runner.reports()).toEqual([{ jobId: 'job-1', state: 'running' }]);
  runner.reconcile([spec]);
  expect(await eventually(() => isDone('job-1'), 15_000)).toBe(true);
  runner.reconcile([spec]);
  expect(report('job-1')).toMatchObject({ state: 'done', result: { outcome: 'passed' } });
  expect(changes).toBe(1);
  const files = join(town.workDir, 'jobs', 'job-1');
  expect(await isThere(files)).toBe(true);
  runner.reconcile([]);
  expect(runner.reports()).toEqual([]);
  expect(await eventually(async () => !(await isThere(files)))).toBe(true);
});

test('at most two jobs run at a time; a job that is no longer wanted is aborted and makes room', async () => {
  const started = (jobId: string): string => join(town.root, `${jobId}.started`);
  const specs = await Promise.all(
    ['job-1', 'job-2', 'job-3'].map((jobId) => check(jobId, `touch ${started(jobId)}; sleep 300`)),
  );
  runner.reconcile(specs);
  for (const jobId of ['job-1', 'job-2']) {
    expect(await eventually(() => isThere(started(jobId)), 15_000)).toBe(true);
  }
  expect(await isThere(started('job-3'))).toBe(false);
  runner.reconcile(specs.slice(1));
  expect(await eventually(() => isThere(started('job-3')), 15_000)).toBe(true);
  expect(runner.reports().map(({ jobId }) => jobId)).toEqual(['job-2', 'job-3']);
  expect(changes).toBe(0);
  await runner.stop();
  expect(runner.reports()).toEqual([]);
});

test.each([
  ['a job that throws', { rigId: 'rig-2' }, 'internal'],
  ['an id that is a path', { jobId: '../x' }, 'invalid_job_id'],
])('%s is reported as an error without secrets', async (_what, change, code) => {
  const spec = { ...(await check('job-1')), ...change };
  runner.reconcile([spec]);
  expect(await eventually(() => isDone(spec.jobId))).toBe(true);
  expect(report(spec.jobId)?.result).toMatchObject({ outcome: 'error', code });
  expect(JSON.stringify(runner.reports())).not.toContain('secret@');
});
