import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { townMessage, type TownMessage } from '../../../core/facts/message.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { createTaskStateHandler } from '../../../lambdas/task-state/handler.ts';

interface Event {
  readonly detail: Readonly<Record<string, unknown>>;
}
/** In the shape of the ECS developer guide, with every field that Fargate fills in. */
const recorded = JSON.parse(
  readFileSync(new URL('task-stopped-event.json', import.meta.url), 'utf8'),
) as Event;
const withDetail = (detail: object): unknown => ({ ...recorded, detail: { ...recorded.detail, ...detail } });

async function take(
  event: unknown,
): Promise<{ sent: [TownMessage, string | undefined][]; counts: string[] }> {
  const sent: [TownMessage, string | undefined][] = [];
  const counts: string[] = [];
  const handler = createTaskStateHandler({
    cluster: 'arn:aws:ecs:eu-central-1:111122223333:cluster/gastown',
    towns: { send: async (message, dedupId) => void sent.push([message, dedupId]) },
    telemetry: createJsonTelemetry({
      service: 'task-state',
      write: () => {},
      count: (metric) => counts.push(metric),
    }),
  });
  await handler(event);
  return { sent, counts };
}

const fact = { type: 'task_stopped', epoch: 7, reason: 'SpotInterruption: Your Spot Task was interrupted.' };

test.each([
  { situation: 'as Fargate says it', change: {}, expected: { ...fact, exitCode: 0 } },
  {
    situation: 'the container never ran, so it has no exit code',
    change: {
      containers: [{ name: 'supervisor' }],
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'No image.',
    },
    expected: { ...fact, reason: 'TaskFailedToStart: No image.' },
  },
  {
    situation: 'no reason is given',
    change: { containers: undefined, stopCode: undefined, stoppedReason: undefined },
    expected: { ...fact, reason: 'the task stopped' },
  },
  {
    situation: 'a reason without end is cut',
    change: { containers: [], stopCode: undefined, stoppedReason: 'x'.repeat(5000) },
    expected: { ...fact, reason: 'x'.repeat(300) },
  },
])('the town is told: $situation', async ({ change, expected }) => {
  const { sent, counts } = await take(withDetail(change));
  const [message] = sent.map(([one]) => townMessage.parse(JSON.parse(JSON.stringify(one))));
  expect(sent).toHaveLength(1);
  expect(message).toEqual({ v: 1, townId: '01920000-0000-7000-8000-000000000001', fact: expected });
  expect(sent[0]?.[1]).toBe('stopped-3f0c9a1e5a7b4f0c8f6d2e1b0a9c8d7e');
  expect(counts).toEqual(['task_state.stopped']);
});

test.each([
  { situation: 'another cluster', event: withDetail({ clusterArn: 'arn:aws:ecs:eu-central-1:1:cluster/x' }) },
  { situation: 'a task of a person', event: withDetail({ startedBy: undefined }) },
  { situation: 'a task of a service', event: withDetail({ startedBy: 'ecs-svc/9223370530591488517' }) },
  { situation: 'a name that is not a town and an epoch', event: withDetail({ startedBy: 'town/seven' }) },
  { situation: 'still stopping', event: withDetail({ lastStatus: 'DEPROVISIONING' }) },
  { situation: 'another event', event: { ...recorded, 'detail-type': 'ECS Service Action' } },
  { situation: 'nonsense', event: 'STOPPED' },
])('it is dropped and counted: $situation', async ({ event }) => {
  expect(await take(event)).toEqual({ sent: [], counts: ['task_state.dropped'] });
});

test('what cannot be sent fails, so that it comes again', async () => {
  const handler = createTaskStateHandler({
    cluster: 'arn:aws:ecs:eu-central-1:111122223333:cluster/gastown',
    towns: { send: () => Promise.reject(new Error('no queue')) },
    telemetry: createJsonTelemetry({ service: 'task-state', write: () => {} }),
  });
  await expect(handler(recorded)).rejects.toThrow('no queue');
});
