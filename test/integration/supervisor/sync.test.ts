import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SyncRequest } from '../../../core/protocol/sync.ts';
import { BOOTSTRAP_TOKEN, type Behaviour, type SeenSync } from './control-plane.ts';
import { checkJob, openStage, until, verifyJob, type Stage } from './harness.ts';

vi.setConfig({ testTimeout: 60_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const last = (): SeenSync | undefined => stage.controlPlane.syncs.at(-1);
const resultOf = (jobId: string, report: SyncRequest | undefined = last()): string | undefined =>
  report?.jobs.find((job) => job.jobId === jobId)?.result?.outcome;
/** The next report that begins after now. */
const nextReport = (timeoutMs?: number): Promise<SeenSync> => {
  const before = stage.controlPlane.syncs.length;
  return until('another sync', () => stage.controlPlane.syncs.at(before), timeoutMs);
};
const gapsMs = (): number[] =>
  stage.controlPlane.syncs
    .slice(1)
    .map(({ atMs }, index) => atMs - (stage.controlPlane.syncs[index]?.atMs ?? 0));

test('it bootstraps once, then syncs after the interval, at once on a poke and on a change here, with growing numbers', async () => {
  const { controlPlane } = stage;
  controlPlane.desired.syncIntervalSeconds = 0.8;
  const supervisor = stage.start();
  await until('it has synced five times', () => controlPlane.syncs.length >= 5);
  expect(controlPlane.bootstraps).toHaveLength(1);
  expect(controlPlane.syncs[0]).toMatchObject({
    protocol: 1,
    epoch: 1,
    phase: 'running',
    agents: [],
    jobs: [],
  });
  // The first ones are close together: its socket has opened.
  for (const gap of gapsMs().slice(2)) expect(gap).toBeGreaterThan(750);

  controlPlane.desired.syncIntervalSeconds = 30;
  await nextReport();
  await until('it listens', () => controlPlane.pokedConnections() === 1);
  const branch = 'gt/nux/bead-1';
  const headSha = await stage.pushBranch(branch);
  controlPlane.desired.jobs = [
    verifyJob('job-1', branch),
    checkJob('job-2', branch, ['sleep 0.5; test -f README.md']),
  ];
  const pokedAtMs = performance.now();
  controlPlane.poke();
  expect((await nextReport(2_000)).atMs - pokedAtMs).toBeLessThan(1_000);
  await until(
    'both jobs are reported done, long before the interval',
    () => resultOf('job-1') && resultOf('job-2'),
  );
  expect(last()?.jobs).toMatchObject([
    { jobId: 'job-1', state: 'done', result: { outcome: 'verified', headSha, commits: 1 } },
    { jobId: 'job-2', state: 'done', result: { outcome: 'passed', headSha } },
  ]);

  // A result stays until the town does not ask for it any more, and a job runs once.
  for (const _ of [1, 2]) {
    controlPlane.poke();
    expect((await nextReport()).jobs).toHaveLength(2);
  }
  controlPlane.desired.jobs = controlPlane.desired.jobs.slice(1);
  for (const jobs of [2, 1]) {
    controlPlane.poke();
    expect((await nextReport()).jobs).toHaveLength(jobs);
  }
  expect(resultOf('job-2')).toBe('passed');
  expect(supervisor.log().match(/job job-1 \(verify\)/g)).toHaveLength(1);

  const sequences = controlPlane.syncs.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});

const failures: { name: string; behaviours: Behaviour[]; logged: RegExp }[] = [
  {
    name: 'answers 500 for a while',
    behaviours: Array.from({ length: 3 }, () => ({ kind: 'status', status: 500 })),
    logged: /the control plane answered 500: no: \[redacted\]/,
  },
  {
    name: 'breaks off in the middle of an answer',
    behaviours: [{ kind: 'half' }],
    logged: /sync: terminated/,
  },
  {
    name: 'answers with a page',
    behaviours: [{ kind: 'unparsable', body: `container-token-1-of-the-test <html>` }],
    logged: /answer to sync is not JSON \(\d+ characters\)/,
  },
  {
    name: 'answers with something else',
    behaviours: [{ kind: 'unparsable', body: '{"protocol":1,"containerToken":7}' }],
    logged: /answer to sync is not understood: epoch: /,
  },
  { name: 'takes its time', behaviours: [{ kind: 'slow', delayMs: 1_500 }], logged: /job job-1/ },
];
test.for(failures)('when the control plane $name, it goes on', async ({ behaviours, logged }) => {
  const { controlPlane } = stage;
  const supervisor = stage.start();
  await until('it listens', () => controlPlane.syncs.length > 0 && controlPlane.pokedConnections() === 1);
  await nextReport().catch(() => undefined);
  const first = controlPlane.syncs.length;
  controlPlane.desired.jobs = [verifyJob('job-1', 'gt/missing')];
  controlPlane.next(...behaviours);
  controlPlane.poke();
  await until('the job is done', () => resultOf('job-1'));
  expect(resultOf('job-1')).toBe('refused');
  expect(supervisor.log()).toMatch(logged);

  // Each failure doubles the wait, which is 0.5 to 1.5 times that.
  const waits = gapsMs().slice(first, first + behaviours.length);
  expect(behaviours.length === 1 || Number(waits.at(-1)) > Number(waits[0])).toBe(true);
  for (const secret of controlPlane.secrets) expect(supervisor.log()).not.toContain(secret);
});

test('a bootstrap that fails is tried again with the same key, also one that was half answered', async () => {
  const { controlPlane } = stage;
  controlPlane.next({ kind: 'status', status: 503 }, { kind: 'half' }, { kind: 'unparsable', body: '{}' });
  const supervisor = stage.start();
  await until('it has synced', () => controlPlane.syncs.length > 0);
  expect(new Set(controlPlane.bootstraps.map(({ x }) => x)).size).toBe(1);
  expect(controlPlane.bootstraps).toHaveLength(4);
  expect(controlPlane.syncs[0]?.sequence).toBe(1);
  expect(supervisor.log()).not.toContain(BOOTSTRAP_TOKEN);
});

test.for([{ status: 409 }, { status: 410 }])(
  'a $status ends it at once, with all it runs',
  async ({ status }) => {
    const { controlPlane } = stage;
    const branch = 'gt/nux/bead-1';
    await stage.pushBranch(branch);
    controlPlane.desired.jobs = [checkJob('job-1', branch, ['sleep 301'])];
    const supervisor = stage.start();
    await until('the gate runs', () => stage.processes().some(({ command }) => command === 'sleep 301'));
    const refsBefore = await stage.remoteGit('for-each-ref');
    controlPlane.always({ kind: 'status', status });
    controlPlane.poke();
    const toldAtMs = performance.now();
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldAtMs).toBeLessThan(5_000);
    expect(stage.processes()).toEqual([]);
    expect(supervisor.log()).toContain('"end":"superseded"');
    expect(await stage.remoteGit('for-each-ref')).toBe(refsBefore);
  },
);
