import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { processStartTime } from '../../../local/tasks/process-identity.ts';
import { isRunning, makeHarness, ready, type Harness } from './harness.ts';

let harness: Harness;
const request = { clientToken: 'town-a-1', townId: 'town-a', epoch: 1, env: { SECRET: 's3cret' } };
const within = { timeout: 10_000, interval: 10 };

beforeEach(async () => {
  harness = await makeHarness();
});
afterEach(() => harness.close());

test('a task runs on a fresh disk with an explicit environment, and leaves its log and its record only', async () => {
  const { runner, stopped } = harness.runner();
  const { taskArn } = await runner.runTask(request);
  expect(taskArn).toMatch(/^arn:aws:ecs:us-east-1:000000000000:task\/gastown-local\/[0-9a-f]{32}$/);
  expect(await runner.describeTask(taskArn)).toEqual({
    taskArn,
    townId: 'town-a',
    epoch: 1,
    lastStatus: 'RUNNING',
    startedAt: expect.any(String),
  });
  await ready(harness, taskArn);
  const disk = join(harness.dir(taskArn), 'disk');
  expect(JSON.parse(await readFile(join(disk, 'work.txt'), 'utf8'))).toEqual({
    cwd: disk,
    env: { BEHAVIOUR: 'obedient', SECRET: 's3cret', GASTOWN_PARENT_PIPE: '1', GASTOWN_WORK_DIR: disk },
  });
  const record = await harness.record(taskArn);
  expect(await isRunning(record)).toBe(true);
  expect(JSON.stringify(record)).not.toContain('s3cret');

  await runner.stopTask(taskArn, 'drained');
  await vi.waitFor(() => expect(stopped).toHaveLength(1), within);
  expect(stopped[0]).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'drained', exitCode: 0 });
  expect(await runner.list()).toEqual(stopped);
  expect(existsSync(disk)).toBe(false);
  expect(await harness.log(taskArn)).toContain('ready');
  expect(await harness.record(taskArn)).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'drained' });
  await runner.stopTask(taskArn, 'again');
  expect(stopped).toHaveLength(1);
});

describe('the client token', () => {
  test('names one task, for requests at the same time, for a stopped task, and for the next runner', async () => {
    const { runner, stopped } = harness.runner();
    const [one, two] = await Promise.all([runner.runTask(request), runner.runTask({ ...request })]);
    expect(two).toEqual(one);
    expect(await runner.list()).toHaveLength(1);
    await runner.stopTask(one.taskArn, 'test');
    await vi.waitFor(() => expect(stopped).toHaveLength(1), within);
    expect(await runner.runTask(request)).toEqual(one);

    const next = harness.runner().runner;
    expect(await next.runTask(request)).toEqual(one);
    expect(await next.describeTask(one.taskArn)).toMatchObject({ lastStatus: 'STOPPED' });
  });

  test.each([
    { name: 'town', change: { townId: 'town-b' } },
    { name: 'epoch', change: { epoch: 2 } },
    { name: 'environment', change: { env: { SECRET: 'other' } } },
  ])('with another $name is a conflict that names the task', async ({ change }) => {
    const { runner } = harness.runner();
    const { taskArn } = await runner.runTask(request);
    for (const runnerNow of [runner, harness.runner().runner]) {
      await expect(runnerNow.runTask({ ...request, ...change })).rejects.toMatchObject({
        name: 'ConflictException',
        resourceIds: [taskArn],
      });
    }
    expect(await runner.list()).toHaveLength(1);
  });
});

test('a task that ignores SIGTERM is killed after the timeout, with the processes that it started', async () => {
  const { runner, stopped } = harness.runner('stubborn');
  const { taskArn } = await runner.runTask(request);
  const childPid = Number(/child (\d+)/.exec(await ready(harness, taskArn))?.[1]);
  expect(await processStartTime(childPid)).toBeDefined();
  const beganMs = performance.now();
  await runner.stopTask(taskArn, 'epoch superseded');
  await vi.waitFor(() => expect(stopped).toHaveLength(1), within);
  expect(performance.now() - beganMs).toBeGreaterThan(450);
  expect(stopped[0]).toMatchObject({ stoppedReason: 'epoch superseded', exitCode: 137 });
  expect(await harness.log(taskArn)).toContain('not yet');
  expect(await processStartTime(childPid)).toBeUndefined();
});

test('a task that ends by itself takes along what it left running, and says its exit code', async () => {
  const leaving = harness.runner('leaves-a-child');
  const left = await leaving.runner.runTask(request);
  const childPid = Number(/child (\d+)/.exec(await ready(harness, left.taskArn))?.[1]);
  await leaving.runner.stopTask(left.taskArn, 'test');
  await vi.waitFor(() => expect(leaving.stopped).toHaveLength(1), within);
  expect(await processStartTime(childPid)).toBeUndefined();

  const exiting = harness.runner('exits');
  await exiting.runner.runTask({ ...request, clientToken: 'other' });
  await vi.waitFor(() => expect(exiting.stopped).toHaveLength(1), within);
  expect(exiting.stopped[0]).toMatchObject({
    exitCode: 7,
    stoppedReason: 'Essential container in task exited with code 7',
  });

  const idle = harness.runner('idle');
  await idle.runner.runTask({ ...request, clientToken: 'idle' });
  await vi.waitFor(() => expect(idle.stopped[0]?.exitCode).toBe(0), within);
});

test('a program that cannot be started is a stopped task; an unknown task is an error with the name of ECS', async () => {
  const { runner, stopped } = harness.runner('obedient', ['/no/such/program']);
  const { taskArn } = await runner.runTask(request);
  await vi.waitFor(() => expect(stopped).toHaveLength(1), within);
  expect(await runner.describeTask(taskArn)).toMatchObject({
    lastStatus: 'STOPPED',
    stoppedReason: expect.stringMatching(/^TaskFailedToStart: .*ENOENT/),
  });
  await expect(runner.stopTask(`${taskArn}x`, 'test')).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  expect(await runner.describeTask(`${taskArn}x`)).toBeUndefined();
});

test('close stops every task in bounded time and refuses new ones', async () => {
  const { runner, stopped } = harness.runner('stubborn');
  const tasks = await Promise.all(
    ['a', 'b'].map((clientToken) => runner.runTask({ ...request, clientToken })),
  );
  await Promise.all(tasks.map(({ taskArn }) => ready(harness, taskArn)));
  const beganMs = performance.now();
  await runner.close();
  expect(performance.now() - beganMs).toBeLessThan(3_000);
  expect(stopped.map(({ exitCode }) => exitCode)).toEqual([137, 137]);
  await expect(runner.runTask({ ...request, clientToken: 'c' })).rejects.toThrow('closed');
});
