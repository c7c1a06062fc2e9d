import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkJob, openStage, until, verifyJob, type Stage, type Supervised } from './harness.ts';

vi.setConfig({ testTimeout: 60_000 });

const BRANCH = 'gt/nux/bead-1';
/** Its end takes 2 s: it does not listen to TERM. */
const STUBBORN = `trap '' TERM; while :; do sleep 0.302; done`;

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.pushBranch(BRANCH);
});
afterEach(() => stage.close());

const phases = (): string[] => stage.controlPlane.syncs.map(({ phase }) => phase);

async function withGate(gate: string, env: Record<string, string> = {}): Promise<Supervised> {
  stage.controlPlane.desired.jobs = [checkJob('job-1', BRANCH, [gate])];
  const supervisor = stage.start(env);
  await until('the gate runs', () => stage.processes().some(({ command }) => command.startsWith('sleep')));
  await until('it listens', () => stage.controlPlane.pokedConnections() === 1);
  return supervisor;
}

test('while it saves it syncs as draining; a drain that is cancelled then leaves it at work', async () => {
  const { controlPlane } = stage;
  const supervisor = await withGate(STUBBORN);
  controlPlane.desired.drain = true;
  controlPlane.poke();
  await until('it says that it is draining', () => phases().at(-1) === 'draining');
  controlPlane.desired.drain = false;
  controlPlane.desired.jobs = [verifyJob('job-2', BRANCH)];
  controlPlane.poke();
  await until('a new job is done', () =>
    controlPlane.syncs
      .at(-1)
      ?.jobs.some((job) => job.jobId === 'job-2' && job.result?.outcome === 'verified'),
  );
  expect(phases()).not.toContain('drained');
  expect(phases().at(-1)).toBe('running');

  controlPlane.desired.drain = true;
  controlPlane.poke();
  expect(await supervisor.exited).toEqual({ code: 0, signal: null });
  expect(phases().at(-1)).toBe('drained');
  expect(supervisor.log()).toContain('"end":"drained"');
  expect(stage.processes()).toEqual([]);
});

test.for([
  { name: 'answers', behaviour: { kind: 'answer' }, end: 'drained', withinMs: 8_000 },
  { name: 'is silent', behaviour: { kind: 'silent' }, end: 'cut_off', withinMs: 12_000 },
  { name: 'answers 500', behaviour: { kind: 'status', status: 500 }, end: 'cut_off', withinMs: 12_000 },
] as const)(
  'on SIGTERM it ends its work and itself, when the control plane $name',
  async ({ behaviour, end, withinMs }) => {
    const supervisor = await withGate('sleep 303');
    stage.controlPlane.always(behaviour);
    stage.controlPlane.poke();
    await until('a sync is under way', () => stage.controlPlane.syncs.length > 2);
    supervisor.signal('SIGTERM');
    const toldAtMs = performance.now();
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldAtMs).toBeLessThan(withinMs);
    expect(supervisor.log()).toContain(`"end":"${end}"`);
    expect(phases().at(-1)).toBe('drained');
    expect(stage.processes()).toEqual([]);
  },
);

test('what does not end in the time that SIGTERM gives is cut short', async () => {
  const supervisor = await withGate(STUBBORN, { GASTOWN_STOP_TIMEOUT_SECONDS: '2.5' });
  supervisor.signal('SIGTERM');
  expect(await supervisor.exited).toEqual({ code: 1, signal: null });
  expect(supervisor.log()).toContain('"end":"stop_timeout"');
  await until('the gate is gone', () => stage.processes().length === 0, 5_000);
});

test('a wrong environment is said in one go, without its values', async () => {
  const supervisor = stage.start({ GASTOWN_API_URL: 'nonsense', GASTOWN_EPOCH: '0' });
  expect(await supervisor.exited).toMatchObject({ code: 1 });
  expect(supervisor.log()).toMatch(/GASTOWN_EPOCH[^]*GASTOWN_API_URL/);
  for (const secret of stage.controlPlane.secrets) expect(supervisor.log()).not.toContain(secret);
});
