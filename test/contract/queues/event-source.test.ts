import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  startEventSource,
  type EventSource,
  type EventSourceOptions,
} from '../../../local/queues/event-source.ts';
import { depth, makeQueue, receive, send, startEmbedded, type Embedded } from './embedded.ts';

let embedded: Embedded;
const sources: EventSource[] = [];
const errors: unknown[] = [];

beforeAll(async () => {
  embedded = await startEmbedded();
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.stop()));
  errors.length = 0;
});
afterAll(() => embedded.close());

type Handler = EventSourceOptions['handler'];

/** A source that the end of the test stops. */
function listen(queueUrl: string, handler: Handler, options: Partial<EventSourceOptions> = {}): EventSource {
  const source = open(queueUrl, handler, options);
  sources.push(source);
  return source;
}

function open(queueUrl: string, handler: Handler, options: Partial<EventSourceOptions>): EventSource {
  return startEventSource({
    sqs: embedded.sqs,
    queueUrl,
    handler,
    batchSize: 10,
    maxConcurrency: 4,
    visibilityTimeoutSeconds: 30,
    fifo: queueUrl.endsWith('.fifo'),
    onError: (error) => errors.push(error),
    ...options,
  });
}

const bodies = (event: SQSEvent): string[] => event.Records.map((record) => record.body);
const fail = (...ids: string[]): SQSBatchResponse => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const within = { timeout: 10_000, interval: 10 };

test('a record is what Lambda would give: ids, hashes, system and message attributes, source and region', async () => {
  const { sqs } = embedded;
  const queue = await makeQueue(sqs, true);
  const events: SQSEvent[] = [];
  listen(queue.url, async (event) => {
    events.push(event);
  });
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: 'hello',
      MessageGroupId: 'town-a',
      MessageDeduplicationId: 'd-1',
      MessageAttributes: {
        schema: { DataType: 'Number', StringValue: '3' },
        blob: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
      },
    }),
  );
  await vi.waitFor(() => expect(events).toHaveLength(1), within);
  const name = queue.url.split('/').at(-1) ?? '';
  expect(events[0]?.Records).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.stringMatching(/./),
      body: 'hello',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: '000000000000',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SequenceNumber: expect.stringMatching(/^\d{20}$/),
        MessageGroupId: 'town-a',
        MessageDeduplicationId: 'd-1',
      },
      messageAttributes: {
        schema: { stringValue: '3', stringListValues: [], binaryListValues: [], dataType: 'Number' },
        blob: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      awsRegion: 'us-east-1',
    },
  ]);
  await vi.waitFor(async () => expect(await depth(sqs, queue.url)).toBe(0), within);
});

test('FIFO: a group is in order and never runs twice at once; groups run in parallel up to maxConcurrency', async () => {
  const { sqs } = embedded;
  const queue = await makeQueue(sqs, true);
  const groups = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (let index = 0; index < 5; index += 1) {
    for (const group of groups) {
      await send(sqs, queue.url, `${group}${index}`, group);
    }
  }
  const seen: string[] = [];
  const active = new Map<string, number>();
  let [invocations, mostInvocations, mostOfAGroup] = [0, 0, 0];
  listen(
    queue.url,
    async (event) => {
      invocations += 1;
      mostInvocations = Math.max(mostInvocations, invocations);
      const inBatch = new Set(bodies(event).map((body) => body.charAt(0)));
      for (const group of inBatch) {
        active.set(group, (active.get(group) ?? 0) + 1);
        mostOfAGroup = Math.max(mostOfAGroup, active.get(group) ?? 0);
      }
      await sleep(15);
      seen.push(...bodies(event));
      inBatch.forEach((group) => active.set(group, (active.get(group) ?? 0) - 1));
      invocations -= 1;
    },
    { maxConcurrency: 3 },
  );
  await vi.waitFor(() => expect(seen).toHaveLength(30), within);
  for (const group of groups) {
    const ofGroup = seen.filter((body) => body.startsWith(group));
    expect(ofGroup).toEqual([0, 1, 2, 3, 4].map((index) => `${group}${index}`));
  }
  expect({ mostInvocations, mostOfAGroup, errors }).toEqual({
    mostInvocations: 3,
    mostOfAGroup: 1,
    errors: [],
  });
});

// At the same time, since they wait for visibility timeouts; so each stops its own source.
describe.concurrent('what failed', () => {
  test('FIFO: a failing message holds up its own group only, comes again in order, and is dead-lettered after 5', async () => {
    const { sqs } = embedded;
    const queue = await makeQueue(sqs, true);
    const attempts: string[] = [];
    const flowed: string[] = [];
    const source = open(
      queue.url,
      async (event) => {
        const failed: string[] = [];
        for (const record of event.Records) {
          if (record.body === 'poison') {
            attempts.push(record.attributes.ApproximateReceiveCount);
            // What the reconciler does: it shortens the wait itself; the poller must leave that as it is.
            await sqs.send(
              new ChangeMessageVisibilityCommand({
                QueueUrl: queue.url,
                ReceiptHandle: record.receiptHandle,
                VisibilityTimeout: 1,
              }),
            );
            failed.push(record.messageId);
          } else {
            flowed.push(record.body);
          }
        }
        return fail(...failed);
      },
      {},
    );
    await send(sqs, queue.url, 'poison', 'sick');
    await send(sqs, queue.url, 'after-poison', 'sick');
    await vi.waitFor(() => expect(attempts).toHaveLength(1), within);
    await send(sqs, queue.url, 'other', 'well');
    await vi.waitFor(() => expect(flowed).toEqual(['other']), { timeout: 500, interval: 5 });
    await vi.waitFor(() => expect(flowed).toEqual(['other', 'after-poison']), within);
    expect(attempts).toEqual(['1', '2', '3', '4', '5']);
    expect((await receive(sqs, queue.dlqUrl)).map((message) => message.Body)).toEqual(['poison']);
    expect(await depth(sqs, queue.url)).toBe(0);
    await source.stop();
  });

  test('FIFO: a handler that outlives the visibility timeout is never joined by a second one of its group', async () => {
    const { sqs } = embedded;
    const queue = await makeQueue(sqs, true);
    const log: string[] = [];
    const reported: unknown[] = [];
    const source = open(
      queue.url,
      async (event) => {
        log.push(...bodies(event).map((body) => `begin ${body}`));
        await sleep(log.length === 1 ? 1_500 : 0);
        log.push(...bodies(event).map((body) => `end ${body}`));
      },
      { visibilityTimeoutSeconds: 1, onError: (error) => reported.push(error) },
    );
    await send(sqs, queue.url, 'slow', 'a');
    await send(sqs, queue.url, 'next', 'a');
    await vi.waitFor(() => expect(log.at(-1)).toBe('end next'), within);
    await source.stop();
    expect(log).toEqual(['begin slow', 'end slow', 'begin slow', 'end slow', 'begin next', 'end next']);
    expect(reported).toHaveLength(1);
  });

  const outcomes: {
    name: string;
    respond: (event: SQSEvent) => SQSBatchResponse | void;
    again: string[];
    errors: number;
  }[] = [
    { name: 'nothing returned: all done', respond: () => {}, again: [], errors: 0 },
    { name: 'an empty list: all done', respond: () => fail(), again: [], errors: 0 },
    {
      name: 'one failure: that one again',
      respond: (event) =>
        fail(...event.Records.filter(({ body }) => body === 'm1').map(({ messageId }) => messageId)),
      again: ['m1'],
      errors: 0,
    },
    {
      name: 'an unknown identifier: all again',
      respond: () => fail('nobody'),
      again: ['m0', 'm1', 'm2'],
      errors: 1,
    },
    {
      name: 'a thrown error: all again',
      respond: () => {
        throw new Error('broken');
      },
      again: ['m0', 'm1', 'm2'],
      errors: 1,
    },
  ];
  test.each(outcomes)('standard queue: $name', async ({ respond, again, errors: errorCount }) => {
    const { sqs } = embedded;
    const queue = await makeQueue(sqs, false);
    for (const body of ['m0', 'm1', 'm2']) {
      await send(sqs, queue.url, body);
    }
    const first: string[] = [];
    const second: string[] = [];
    const reported: unknown[] = [];
    const source = open(
      queue.url,
      async (event) => {
        const isFirst = event.Records.every(({ attributes }) => attributes.ApproximateReceiveCount === '1');
        (isFirst ? first : second).push(...bodies(event));
        return isFirst ? respond(event) : undefined;
      },
      { visibilityTimeoutSeconds: 1, onError: (error) => reported.push(error) },
    );
    await vi.waitFor(async () => {
      expect(second.toSorted()).toEqual(again);
      expect(await depth(sqs, queue.url)).toBe(0);
    }, within);
    await source.stop();
    expect(first.toSorted()).toEqual(['m0', 'm1', 'm2']);
    expect(reported).toHaveLength(errorCount);
  });
});

test('the long poll wakes within 100 ms of a send; stop ends it at once; a later source misses nothing', async () => {
  const { sqs } = embedded;
  const queue = await makeQueue(sqs, true);
  const arrivals: number[] = [];
  const note = async (): Promise<void> => {
    arrivals.push(performance.now());
  };
  const instantMs = performance.now();
  await listen(queue.url, note).stop();
  expect(performance.now() - instantMs).toBeLessThan(500);
  const source = listen(queue.url, note);
  await sleep(300);
  const delaysMs: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    const sentMs = performance.now();
    await send(sqs, queue.url, `ping ${index}`, 'a');
    await vi.waitFor(() => expect(arrivals).toHaveLength(index + 1), { timeout: 2_000, interval: 1 });
    delaysMs.push((arrivals.at(-1) ?? Infinity) - sentMs);
    await sleep(30);
  }
  // The median: the machine may be busy.
  expect(delaysMs.toSorted((a, b) => a - b)[2]).toBeLessThan(100);

  const stopMs = performance.now();
  await source.stop();
  expect(performance.now() - stopMs).toBeLessThan(200);

  // The server still holds the poll of the stopped source: it must not swallow this one.
  await send(sqs, queue.url, 'after stop', 'a');
  await sleep(50);
  expect(arrivals).toHaveLength(5);
  const restartMs = performance.now();
  listen(queue.url, note);
  await vi.waitFor(() => expect(arrivals).toHaveLength(6), within);
  expect((arrivals.at(-1) ?? Infinity) - restartMs).toBeLessThan(1_000);
});

test('stop waits for a running handler, whose message is deleted, and starts no other', async () => {
  const { sqs } = embedded;
  const queue = await makeQueue(sqs, true);
  const ended: string[] = [];
  let begun = 0;
  const source = listen(
    queue.url,
    async (event) => {
      begun += 1;
      await sleep(200);
      ended.push(...bodies(event));
    },
    { maxConcurrency: 1 },
  );
  await send(sqs, queue.url, 'first', 'a');
  await send(sqs, queue.url, 'second', 'a');
  await vi.waitFor(() => expect(begun).toBe(1), within);
  await source.stop();
  expect(ended).toEqual(['first']);
  expect((await receive(sqs, queue.url, 1)).map((message) => message.Body)).toEqual(['second']);
});
