import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { batchesOf } from '../../../local/queues/batches.ts';
import { settle, type Outcome } from '../../../local/queues/settle.ts';
import { sqsRecord } from '../../../local/queues/sqs-event.ts';

/** 'a1' is message 1 of group a. */
function records(...ids: string[]): SQSRecord[] {
  return ids.map((id) =>
    sqsRecord(
      { MessageId: id, ReceiptHandle: `handle-${id}`, Attributes: { MessageGroupId: id.charAt(0) } },
      'arn:aws:sqs:eu-west-1:000000000000:q.fifo',
    ),
  );
}

const ids = (list: readonly SQSRecord[]): string[] => list.map((record) => record.messageId);

function returned(...failed: string[]): Outcome {
  const response: SQSBatchResponse = {
    batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
  };
  return { kind: 'returned', response };
}

describe('what is deleted of the batch a1 b1 a2 b2 a3', () => {
  const rows: { fifo: boolean; outcome: Outcome; done: string[]; saysWhy: boolean; name: string }[] = [
    {
      name: 'nothing returned',
      fifo: true,
      outcome: { kind: 'returned', response: undefined },
      done: ['a1', 'b1', 'a2', 'b2', 'a3'],
      saysWhy: false,
    },
    {
      name: 'an empty list',
      fifo: true,
      outcome: returned(),
      done: ['a1', 'b1', 'a2', 'b2', 'a3'],
      saysWhy: false,
    },
    { name: 'a thrown error', fifo: true, outcome: { kind: 'threw', error: 'x' }, done: [], saysWhy: true },
    { name: 'an unknown identifier', fifo: true, outcome: returned('a1', 'z9'), done: [], saysWhy: true },
    {
      name: 'a response of another shape',
      fifo: true,
      outcome: { kind: 'returned', response: JSON.parse('{"batchItemFailures":[{"itemId":"a1"}]}') },
      done: [],
      saysWhy: true,
    },
    { name: 'an empty identifier', fifo: false, outcome: returned(''), done: [], saysWhy: true },
    {
      name: 'a2 and what follows it in its group',
      fifo: true,
      outcome: returned('a2', 'a3'),
      done: ['a1', 'b1', 'b2'],
      saysWhy: false,
    },
    {
      name: 'only a2, though a3 follows it: kept too, and reported',
      fifo: true,
      outcome: returned('a2'),
      done: ['a1', 'b1', 'b2'],
      saysWhy: true,
    },
    {
      name: 'the last of a group',
      fifo: true,
      outcome: returned('b2'),
      done: ['a1', 'b1', 'a2', 'a3'],
      saysWhy: false,
    },
    {
      name: 'a2 on a standard queue',
      fifo: false,
      outcome: returned('a2'),
      done: ['a1', 'b1', 'b2', 'a3'],
      saysWhy: false,
    },
  ];
  test.each(rows)('$name (fifo: $fifo)', ({ fifo, outcome, done, saysWhy }) => {
    const settlement = settle(records('a1', 'b1', 'a2', 'b2', 'a3'), outcome, fifo);
    expect(ids(settlement.done)).toEqual(done);
    expect(settlement.error !== undefined).toBe(saysWhy);
  });
});

describe('how a receive is divided over free invocations', () => {
  test.each([
    { received: [], freeSlots: 2, fifo: true, batches: [] },
    { received: ['a1', 'b1', 'a2', 'c1'], freeSlots: 8, fifo: true, batches: [['a1', 'a2'], ['b1'], ['c1']] },
    { received: ['a1', 'b1', 'c1', 'a2'], freeSlots: 2, fifo: true, batches: [['a1', 'c1', 'a2'], ['b1']] },
    { received: ['a1', 'b1', 'a2'], freeSlots: 1, fifo: true, batches: [['a1', 'b1', 'a2']] },
    { received: ['a1', 'b1'], freeSlots: 8, fifo: false, batches: [['a1', 'b1']] },
  ])('$received into $freeSlots (fifo: $fifo)', ({ received, freeSlots, fifo, batches }) => {
    expect(batchesOf(records(...received), freeSlots, fifo).map(ids)).toEqual(batches);
  });
});
