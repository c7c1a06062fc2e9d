import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importsOf, target } from '../../unit/architecture/source.ts';
import { BOOTSTRAP_TOKEN } from './control-plane.ts';
import { openStage, until, type Stage, type Supervised } from './harness.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ hasSocket: false });
});
afterEach(() => stage.close());

/** Runs in the supervisor's process before anything of its own does. */
const fault = (code: string): Record<string, string> => ({
  NODE_OPTIONS: `--import ${JSON.stringify(`data:text/javascript,${encodeURIComponent(code)}`)}`,
});
const lines = (supervisor: Supervised): Record<string, unknown>[] =>
  supervisor
    .log()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const named = (supervisor: Supervised, name: string): Record<string, unknown> | undefined =>
  lines(supervisor).find(({ message }) => message === name);

test('a rejection that nobody handles is logged, and the supervisor goes on; so is its memory', async () => {
  stage.controlPlane.desired.syncIntervalSeconds = 0.1;
  const code = `setTimeout(() => Promise.reject(new RangeError('nobody waits, ${BOOTSTRAP_TOKEN}')), 10)`;
  const supervisor = stage.start({ ...fault(code), GASTOWN_MEMORY_LOG_MS: '100' });
  await until('the rejection is logged', () => named(supervisor, 'container.unhandled_rejection'));
  const seen = stage.controlPlane.syncs.length;
  await until('it still syncs', () => stage.controlPlane.syncs.length > seen + 2);
  const memory = await until('its memory is logged', () => named(supervisor, 'container.memory_usage'));
  stage.controlPlane.desired.drain = true;
  expect(await supervisor.exited).toEqual({ code: 0, signal: null });

  for (const line of lines(supervisor)) {
    expect(line).toMatchObject({ townId: 'town-1', epoch: 1, uptimeMs: expect.any(Number) });
  }
  expect(lines(supervisor)[0]).toMatchObject({ message: 'container.cold_start', at: expect.any(String) });
  expect(named(supervisor, 'container.unhandled_rejection')).toMatchObject({
    name: 'RangeError',
    error: 'nobody waits, [redacted]',
    stack: expect.stringContaining('nobody waits'),
    activeAgents: 0,
  });
  expect(supervisor.log()).not.toContain(BOOTSTRAP_TOKEN);
  const sizes = {
    rssMB: expect.any(Number),
    heapUsedMB: expect.any(Number),
    heapTotalMB: expect.any(Number),
  };
  expect(memory).toMatchObject({ ...sizes, externalMB: expect.any(Number), agents: 0, activeAgents: 0 });
  expect(memory['rssMB']).toBeGreaterThan(20);
});

test.for([
  {
    name: 'an exception that nobody catches',
    env: fault(`setTimeout(() => { throw new TypeError('nobody catches') }, 10)`),
    expected: { name: 'TypeError', error: 'nobody catches', epoch: 1 },
  },
  {
    name: 'an environment that makes no sense',
    env: { GASTOWN_EPOCH: 'next' },
    expected: { name: 'ZodError', error: expect.stringContaining('GASTOWN_EPOCH'), epoch: null },
  },
  {
    name: 'a work directory that cannot be made',
    env: { GASTOWN_WORK_DIR: '/dev/null/work' },
    expected: { name: 'Error', error: expect.stringContaining('ENOTDIR'), epoch: 1 },
  },
])('$name is logged as a line, and the process exits with 1', async ({ env, expected }) => {
  const supervisor = stage.start(env);
  expect(await supervisor.exited).toEqual({ code: 1, signal: null });
  expect(lines(supervisor).map(({ message }) => message)).toEqual([
    'container.cold_start',
    'container.uncaught_exception',
  ]);
  expect(named(supervisor, 'container.uncaught_exception')).toMatchObject({
    townId: 'town-1',
    activeAgents: 0,
    stack: expect.any(String),
    uptimeMs: expect.any(Number),
    ...expected,
  });
});

test('the boot module loads nothing, and the entry loads nothing else before it runs', () => {
  const source = (file: string): string =>
    readFileSync(new URL(`../../../task-image/supervisor/${file}`, import.meta.url), 'utf8');
  expect(importsOf(source('boot.ts'))).toEqual([]);
  const [boot, ...rest] = importsOf(source('main.ts'));
  expect(boot && target('task-image/supervisor/main.ts', boot)).toBe('task-image/supervisor/boot.ts');
  expect(rest.filter(({ clause }) => clause !== undefined)).toEqual([]);
});
