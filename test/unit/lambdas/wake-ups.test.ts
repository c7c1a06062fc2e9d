import { expect, test } from 'vitest';
import { createWakeUps } from '../../../lambdas/adapters/sqs/wake-ups.ts';
import { createTownQueue } from '../../../lambdas/adapters/sqs/queues.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { embeddedSqs } from '../../../local/embedded-clients.ts';

test('a queue that does not answer loses a wake-up, which is counted, and fails nobody', async () => {
  const lines: string[] = [];
  const counts: [string, number][] = [];
  const telemetry = createJsonTelemetry({
    service: 'api',
    write: (line) => lines.push(line),
    count: (metric, value) => counts.push([metric, value]),
  });
  // Nothing listens there.
  const sqs = embeddedSqs('http://127.0.0.1:1');
  const towns = createWakeUps(createTownQueue(sqs, 'http://127.0.0.1:1/q.fifo'), telemetry);
  await expect(towns.send({ v: 1, townId: 't' })).resolves.toBeUndefined();
  expect(counts).toEqual([['town_queue.wake_ups_lost', 1]]);
  expect(lines.join('')).toContain('a wake-up was not sent');
});
