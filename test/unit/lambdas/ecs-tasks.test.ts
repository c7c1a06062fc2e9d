import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECSClient } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { NoCapacity } from '../../../core/errors.ts';
import type { Tasks, TokenSigner } from '../../../core/ports.ts';
import { createEcsTasks } from '../../../lambdas/adapters/ecs/tasks.ts';
import { createTokenSigner } from '../../../lambdas/adapters/tokens/token-signer.ts';
import { openLocalKeys } from '../../../local/keys.ts';
import { clientOptions } from './json-service.ts';
import { startModelEcs, type ModelEcs } from './model-ecs.ts';

describe('tasks on ECS', () => {
  const townId = '01920000-0000-7000-8000-000000000001';
  let dataDir: string;
  let tokens: TokenSigner;
  let model: ModelEcs;
  let tasks: Tasks;
  let make: (over?: { taskDefinition?: string }) => Tasks;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gastown-ecs-'));
    tokens = createTokenSigner((await openLocalKeys(dataDir)).signing, Date.now);
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  beforeEach(async () => {
    model = await startModelEcs();
    make = ({ taskDefinition = 'gastown:7' } = {}) =>
      createEcsTasks({
        ecs: new ECSClient(clientOptions(model.service)),
        tokens,
        cluster: 'cluster',
        taskDefinition,
        containerName: 'supervisor',
        subnets: ['subnet-1', 'subnet-2'],
        securityGroups: ['sg-1'],
        apiUrl: 'https://api.example.com',
      });
    tasks = make();
  });
  afterEach(() => model.service.close());

  const runRequests = () => model.service.requests.filter(({ operation }) => operation === 'RunTask');

  it('asks twice with the same bytes and starts once, also when the first answer was lost', async () => {
    model.losesAnswer = true;
    await expect(tasks.run({ townId, epoch: 3, memoryGiB: 8 })).rejects.toThrow('ServerException');
    const second = await tasks.run({ townId, epoch: 3, memoryGiB: 8 });
    // Another worker, with another process's signer.
    const third = await make().run({ townId, epoch: 3, memoryGiB: 8 });
    expect([second.taskArn, third.taskArn]).toEqual([model.tasks[0]?.taskArn, model.tasks[0]?.taskArn]);
    expect(model.tasks.length).toBe(1);
    const [first, ...others] = runRequests().map(({ raw }) => raw);
    expect(others).toEqual([first, first]);
    const body = JSON.parse(first ?? '{}') as Record<string, unknown>;
    expect(body).toMatchObject({
      launchType: 'FARGATE',
      startedBy: `${townId}/3`,
      clientToken: `${townId}/3`,
      overrides: { cpu: '2048', memory: '8192' },
    });
    expect(JSON.stringify(body['overrides'])).toContain(await tokens.bootstrapToken({ townId, epoch: 3 }));
  });

  it('each epoch and each town has its own token, however long the epoch grows', async () => {
    const other = townId.replace(/1$/, '2');
    for (const id of [townId, other]) {
      for (const epoch of [1, 2, 11, 999_999]) await tasks.run({ townId: id, epoch, memoryGiB: 8 });
    }
    expect(model.tasks.length).toBe(8);
  });

  it('adopts the task that a conflict names', async () => {
    const before = await make({ taskDefinition: 'gastown:6' }).run({ townId, epoch: 1, memoryGiB: 8 });
    // A deployment in between: the same epoch, other bytes.
    expect(await tasks.run({ townId, epoch: 1, memoryGiB: 8 })).toEqual(before);
    expect(model.tasks.length).toBe(1);
  });

  it('a start without capacity says so, and passes by itself', async () => {
    model.hasCapacity = false;
    const refused = await tasks.run({ townId, epoch: 1, memoryGiB: 8 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NoCapacity);
    expect(refused).toMatchObject({ retry: 'backoff', userMessage: expect.stringContaining('RESOURCE:CPU') });
    model.hasCapacity = true;
    model.quotaError = 'LimitExceededException';
    const limited = await tasks.run({ townId, epoch: 1, memoryGiB: 8 }).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(NoCapacity);
    model.quotaError = undefined;
    expect((await tasks.run({ townId, epoch: 1, memoryGiB: 8 })).taskArn).toBe(model.tasks[0]?.taskArn);
  });

  it('stops by the ARN or by who started it, and says what it knows', async () => {
    const stop = (epoch: number, taskArn?: string) =>
      tasks.stop({ townId, epoch, reason: 'x'.repeat(400), ...(taskArn === undefined ? {} : { taskArn }) });
    expect(await stop(1)).toEqual({ state: 'absent' });
    expect(await stop(1, 'arn:aws:ecs:us-east-1:000000000000:task/cluster/gone')).toEqual({
      state: 'absent',
    });

    const { taskArn } = await tasks.run({ townId, epoch: 1, memoryGiB: 8 });
    await tasks.run({ townId, epoch: 2, memoryGiB: 8 });
    expect(await stop(1)).toEqual({ state: 'stopping' });
    expect(await stop(1, taskArn)).toEqual({ state: 'stopping' });
    expect(model.tasks.map(({ lastStatus }) => lastStatus)).toEqual(['DEPROVISIONING', 'PENDING']);
    const [task] = model.tasks;
    if (task !== undefined)
      Object.assign(task, { lastStatus: 'STOPPED', stoppedReason: 'asked to', exitCode: 143 });
    const stopped = { reason: 'asked to', exitCode: 143 };
    expect(await stop(1, taskArn)).toEqual({ state: 'stopped', stopped });
    // The list of what somebody started has only what has not stopped.
    expect(await stop(1)).toEqual({ state: 'absent' });
    expect(model.service.requests.filter(({ operation }) => operation === 'StopTask').length).toBe(2);
  });
});
