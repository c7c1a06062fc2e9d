import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { processStartTime, startTimeFromPs } from '../../../local/tasks/process-identity.ts';
import { writeTaskRecord, type TaskRecord } from '../../../local/tasks/task-record.ts';
import { isRunning, makeHarness, program, ready, type Behaviour, type Harness } from './harness.ts';

let harness: Harness;
const children: ChildProcess[] = [];

beforeEach(async () => {
  harness = await makeHarness();
});
afterEach(async () => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  await harness.close();
});

/** A runner in a process of its own runs one task; then it is killed as by `kill -9`. */
async function taskOfKilledRunner(behaviour: Behaviour): Promise<TaskRecord> {
  const child = spawn(process.execPath, [program('runner'), harness.dataDir, behaviour], {
    env: {},
    cwd: harness.dataDir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const taskArn = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', () => reject(new Error('the runner ended')));
  });
  await ready(harness, taskArn);
  const record = await harness.record(taskArn);
  expect(await isRunning(record)).toBe(true);
  child.kill('SIGKILL');
  return record;
}

function leftBehind(overrides: Partial<TaskRecord>): TaskRecord {
  const taskId = 'f'.repeat(32);
  const record: TaskRecord = {
    taskArn: `arn:aws:ecs:us-east-1:000000000000:task/gastown-local/${taskId}`,
    taskId,
    clientToken: 'token',
    parameterHash: 'hash',
    townId: 'town',
    epoch: 1,
    lastStatus: 'RUNNING',
    startedAt: new Date().toISOString(),
    ...overrides,
  };
  writeTaskRecord(harness.dataDir, record);
  return record;
}

test('kill -9 of the runner ends its task by the broken pipe', async () => {
  const record = await taskOfKilledRunner('obedient');
  await vi.waitFor(async () => expect(await isRunning(record)).toBe(false), { timeout: 5_000, interval: 20 });

  const { runner, stopped } = harness.runner();
  await runner.recover();
  expect(stopped).toEqual([expect.objectContaining({ taskArn: record.taskArn, lastStatus: 'STOPPED' })]);
});

test('recover kills a leftover that ignores the pipe, with its children, says so once, and keeps its token', async () => {
  const record = await taskOfKilledRunner('stubborn');
  const childPid = Number(/child (\d+)/.exec(await harness.log(record.taskArn))?.[1]);
  expect(await isRunning(record)).toBe(true);

  const { runner, stopped } = harness.runner();
  expect(await runner.describeTask(record.taskArn)).toMatchObject({ lastStatus: 'RUNNING' });
  await Promise.all([runner.recover(), runner.stopTask(record.taskArn, 'also asked')]);
  expect(await isRunning(record)).toBe(false);
  expect(await processStartTime(childPid)).toBeUndefined();
  expect(stopped).toEqual([
    expect.objectContaining({ taskArn: record.taskArn, townId: 'town', epoch: 1, lastStatus: 'STOPPED' }),
  ]);
  expect(existsSync(join(harness.dir(record.taskArn), 'disk'))).toBe(false);
  await runner.recover();
  expect(stopped).toHaveLength(1);

  const again = await runner.runTask({ clientToken: 'token', townId: 'town', epoch: 1, env: {} });
  expect(again.taskArn).toBe(record.taskArn);
});

test('a pid that now belongs to another process is left alone', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
    env: {},
    stdio: 'ignore',
    detached: true,
  });
  children.push(bystander);
  const pid = bystander.pid ?? 0;
  const startTime = await processStartTime(pid);
  leftBehind({ pid, processStartTime: `${startTime}0` });

  const { runner, stopped } = harness.runner();
  await runner.recover();
  expect(stopped).toHaveLength(1);
  expect(await processStartTime(pid)).toBe(startTime);
});

test('a process is known by its start time, and a dead one by none, with and without /proc', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { env: {}, stdio: 'ignore' });
  children.push(child);
  const pid = child.pid ?? 0;
  for (const startTimeOf of [processStartTime, startTimeFromPs]) {
    expect(await startTimeOf(pid)).toMatch(/\d/);
    expect(await startTimeOf(pid)).toBe(await startTimeOf(pid));
    expect(await startTimeOf(pid)).not.toBe(await startTimeOf(1));
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(await processStartTime(pid)).toBeUndefined();
  expect(await startTimeFromPs(pid)).toBeUndefined();
});

test.each([
  { name: 'before its pid was recorded', overrides: { lastStatus: 'PENDING' as const } },
  { name: 'before its start time was recorded', overrides: { pid: process.pid } },
])('a crash $name: the task is stopped, nobody is killed', async ({ overrides }) => {
  const record = leftBehind(overrides);
  const { runner, stopped } = harness.runner();
  await runner.recover();
  expect(stopped).toEqual([
    expect.objectContaining({
      taskArn: record.taskArn,
      stoppedReason: 'The machine that ran the task was restarted',
    }),
  ]);
});

test('recover forgets tasks that stopped more than a week ago, and unreadable folders harm nothing', async () => {
  const stoppedAt = new Date(Date.now() - 8 * 24 * 60 * 60 * 1_000).toISOString();
  const record = leftBehind({ lastStatus: 'STOPPED', startedAt: stoppedAt, stoppedAt });
  await mkdir(join(harness.dataDir, 'tasks', 'half-made'));
  const { runner, stopped } = harness.runner();
  await runner.recover();
  expect(await runner.list()).toEqual([]);
  expect(existsSync(harness.dir(record.taskArn))).toBe(false);
  expect(stopped).toEqual([]);
});
