import { ECSClient } from '@aws-sdk/client-ecs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TownMessage } from '../../../core/facts/message.ts';
import { absentContainer, type Container } from '../../../core/town/container.ts';
import { createAuditCursor, type AuditCursor } from '../../../lambdas/adapters/dynamodb/audit-cursor.ts';
import { ensureTable } from '../../../lambdas/adapters/dynamodb/table.ts';
import { createEcsFleet } from '../../../lambdas/adapters/ecs/fleet.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { createFleetAudit } from '../../../lambdas/fleet-audit/handler.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { embeddedDynamoDb } from '../../../local/embedded-clients.ts';
import { clientOptions } from './json-service.ts';
import { startModelEcs, type EcsTask, type ModelEcs } from './model-ecs.ts';

const town = (n: number): string => `01920000-0000-7000-8000-${String(n).padStart(12, '0')}`;

let ecs: ModelEcs;
let cursor: AuditCursor;
let closeTable: () => Promise<void>;
let containers: Map<string, Container>;
let told: TownMessage[];
beforeAll(async () => {
  const dynamodb = await startEmbeddedDynamoDb();
  closeTable = dynamodb.close;
  const client = embeddedDynamoDb(dynamodb.endpoint);
  await ensureTable(client, 'towns');
  cursor = createAuditCursor({
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    tableName: 'towns',
  });
});
afterAll(() => closeTable());
beforeEach(async () => {
  ecs = await startModelEcs();
  containers = new Map();
  told = [];
  await cursor.write(undefined);
});
afterEach(() => ecs.service.close());

const audit = (over: { limitMs?: number } = {}) =>
  createFleetAudit({
    fleet: createEcsFleet({ ecs: new ECSClient(clientOptions(ecs.service)), cluster: 'gastown' }),
    store: {
      async container(townId) {
        const container = containers.get(townId);
        return container === undefined ? undefined : { container, observed: undefined };
      },
    },
    towns: { send: async (message) => void told.push(message) },
    cursor,
    telemetry: createJsonTelemetry({ service: 'fleet-audit', write: () => {} }),
    now: Date.now,
    limitMs: 50_000,
    ...over,
  })();

function task(startedBy: string, lastStatus: EcsTask['lastStatus'] = 'RUNNING'): EcsTask {
  const taskArn = `arn:aws:ecs:us-east-1:000000000000:task/gastown/${ecs.tasks.length + 1}`;
  const made: EcsTask = { taskArn, clientToken: startedBy, startedBy, request: '', lastStatus };
  if (lastStatus === 'STOPPED') Object.assign(made, { stoppedReason: 'Out of memory', exitCode: 137 });
  ecs.tasks.push(made);
  return made;
}
const containerAt = (epoch: number, state: Container['state']): Container => ({
  ...absentContainer(0),
  epoch,
  state,
});

describe('the audit of the fleet', () => {
  test.each([
    { situation: 'the task of the town, running', container: containerAt(3, 'running'), becomes: 'RUNNING' },
    { situation: 'asked for, and not synced yet', container: containerAt(3, 'starting'), becomes: 'RUNNING' },
    {
      situation: 'lost: the town stops it itself',
      container: containerAt(3, 'lost'),
      becomes: 'RUNNING',
    },
    {
      situation: 'of an epoch that is over',
      container: containerAt(4, 'running'),
      becomes: 'DEPROVISIONING',
    },
    {
      situation: 'started late, for a container that is given up',
      container: containerAt(3, 'absent'),
      becomes: 'DEPROVISIONING',
    },
    { situation: 'of a town that is gone', container: undefined, becomes: 'DEPROVISIONING' },
  ])('a task that runs: $situation → $becomes', async ({ container, becomes }) => {
    const running = task(`${town(1)}/3`);
    if (container !== undefined) containers.set(town(1), container);
    const stopped = becomes === 'RUNNING' ? 0 : 1;
    expect(await audit()).toEqual({ seen: 1, stopped, told: 0 });
    expect(running.lastStatus).toBe(becomes);
    expect(told).toEqual([]);
  });

  test.each([
    { situation: 'which the town believes in', container: containerAt(3, 'running'), isTold: true },
    { situation: 'which the town waits for', container: containerAt(3, 'stopping'), isTold: true },
    { situation: 'as the town knows', container: containerAt(3, 'absent'), isTold: false },
    { situation: 'before the one that runs', container: containerAt(4, 'running'), isTold: false },
    { situation: 'of a town that is gone', container: undefined, isTold: false },
  ])('a task that has stopped, $situation: told $isTold', async ({ container, isTold }) => {
    task(`${town(1)}/3`, 'STOPPED');
    if (container !== undefined) containers.set(town(1), container);
    expect(await audit()).toEqual({ seen: 1, stopped: 0, told: isTold ? 1 : 0 });
    const fact = { type: 'task_stopped', epoch: 3, reason: 'Out of memory', exitCode: 137 };
    expect(told).toEqual(isTold ? [{ v: 1, townId: town(1), fact }] : []);
  });

  test('leaves alone what no town has started', async () => {
    const others = [task('somebody'), task('ecs-svc/9223370530591488517')];
    expect(await audit()).toEqual({ seen: 0, stopped: 0, told: 0 });
    expect(others.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING']);
  });

  test('goes on where it had to stop, and begins anew where ECS has forgotten the place', async () => {
    ecs.pageSize = 2;
    for (let n = 1; n <= 5; n += 1) {
      task(`${town(n)}/1`);
      containers.set(town(n), containerAt(1, 'running'));
    }
    expect((await audit({ limitMs: 0 })).seen).toBe(2);
    expect((await audit({ limitMs: 0 })).seen).toBe(2);
    // The fifth, then those that have stopped.
    expect((await audit()).seen).toBe(1);
    expect((await audit({ limitMs: 0 })).seen).toBe(2);
    ecs.tokens.clear();
    expect((await audit()).seen).toBe(5);
    expect(await cursor.read()).toBeUndefined();
  });
});
