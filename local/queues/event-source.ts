import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { settledWithin } from '../bounded-wait.ts';
import { batchesOf } from './batches.ts';
import { groupOf, settle, type Outcome } from './settle.ts';
import { sqsRecord } from './sqs-event.ts';
import { queueArnOf } from './town-queues.ts';

/** The longest poll that SQS allows. */
const LONG_POLL_SECONDS = 20;
const ERROR_PAUSE_MS = 1_000;
const STOP_TIMEOUT_MS = 10_000;

export interface EventSourceOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly handler: (event: SQSEvent) => Promise<SQSBatchResponse | void>;
  /** Most records of one receive: 1 to 10. */
  readonly batchSize: number;
  /** Most invocations of the handler at a time. */
  readonly maxConcurrency: number;
  readonly visibilityTimeoutSeconds: number;
  readonly fifo: boolean;
  /** Hears of every failed invocation, and of every failed call of SQS (which is tried again after 1 s). Must not throw. */
  readonly onError: (error: unknown) => void;
}

export interface EventSource {
  /** Takes no further message; waits for running handlers, at most 10 s. */
  stop(): Promise<void>;
}

/**
 * Feeds a queue to a handler as Lambda's SQS event source mapping does: long polling, partial batch failures, one batch of a
 * FIFO group at a time. What failed is not touched: it comes back after its visibility timeout, or when the handler said.
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const { sqs, queueUrl, handler, fifo, onError } = options;
  if (!(options.maxConcurrency >= 1)) {
    throw new RangeError(`maxConcurrency must be at least 1, not ${options.maxConcurrency}`);
  }
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const lastHandled = new Map<string, Promise<Outcome>>();
  const polling = poll();
  let stopped: Promise<void> | undefined;

  async function poll(): Promise<void> {
    let queueArn: string | undefined;
    while (!stopping.signal.aborted) {
      const freeSlots = options.maxConcurrency - running.size;
      if (freeSlots <= 0) {
        await Promise.race(running);
        continue;
      }
      try {
        queueArn ??= await queueArnOf(sqs, queueUrl);
        const records = await receive(queueArn);
        for (const batch of batchesOf(records, freeSlots, fifo)) {
          start(batch);
        }
      } catch (error) {
        if (!stopping.signal.aborted) {
          onError(error);
          await sleep(ERROR_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
        }
      }
    }
  }

  async function receive(queueArn: string): Promise<SQSRecord[]> {
    if (stopping.signal.aborted) {
      return [];
    }
    // A controller for each receive: the client keeps listeners on the signal that it is given.
    const aborting = new AbortController();
    const abort = (): void => aborting.abort();
    stopping.signal.addEventListener('abort', abort);
    try {
      const answer = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(Math.max(options.batchSize, 1), 10),
          WaitTimeSeconds: LONG_POLL_SECONDS,
          VisibilityTimeout: options.visibilityTimeoutSeconds,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: aborting.signal },
      );
      const records = (answer.Messages ?? []).map((message) => sqsRecord(message, queueArn));
      if (stopping.signal.aborted) {
        await giveBack(records);
        return [];
      }
      return records;
    } finally {
      stopping.signal.removeEventListener('abort', abort);
    }
  }

  function start(batch: readonly SQSRecord[]): void {
    const groups = fifo ? [...new Set(batch.map(groupOf))] : [];
    const handled = handleAfter(predecessorsOf(groups), batch);
    groups.forEach((group) => lastHandled.set(group, handled));
    const invocation = conclude(batch, groups, handled).finally(() => running.delete(invocation));
    running.add(invocation);
  }

  /**
   * A message whose handler outlives the visibility timeout, or makes it visible before it returns, is delivered again while
   * that handler runs. The new delivery waits for it: two batches of a group never run at once.
   */
  function predecessorsOf(groups: readonly string[]): Promise<unknown> | undefined {
    const predecessors = groups.flatMap((group) => lastHandled.get(group) ?? []);
    if (predecessors.length === 0) {
      return undefined;
    }
    onError(new Error('a message was delivered again while the handler of its group still runs'));
    return Promise.all(predecessors);
  }

  async function handleAfter(
    predecessors: Promise<unknown> | undefined,
    batch: readonly SQSRecord[],
  ): Promise<Outcome> {
    await predecessors;
    try {
      return { kind: 'returned', response: await handler({ Records: [...batch] }) };
    } catch (error) {
      return { kind: 'threw', error: error ?? new Error('the handler threw nothing') };
    }
  }

  async function conclude(
    batch: readonly SQSRecord[],
    groups: readonly string[],
    handled: Promise<Outcome>,
  ): Promise<void> {
    const settlement = settle(batch, await handled, fifo);
    // Before the deletion, which lets the server hand out the group's next message.
    for (const group of groups) {
      if (lastHandled.get(group) === handled) {
        lastHandled.delete(group);
      }
    }
    if (settlement.error !== undefined) {
      onError(settlement.error);
    }
    try {
      await remove(settlement.done);
    } catch (error) {
      // The records come again: a handler must bear that on AWS too.
      onError(error);
    }
  }

  async function remove(records: readonly SQSRecord[]): Promise<void> {
    if (records.length === 0) {
      return;
    }
    const answer = await sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: records.map(batchEntry) }),
    );
    for (const failure of answer.Failed ?? []) {
      onError(new Error(`SQS did not delete a message: ${failure.Code ?? 'unknown'}`));
    }
  }

  /** Received in the moment of stopping: visible again at once, last first to keep the order. */
  async function giveBack(records: readonly SQSRecord[]): Promise<void> {
    if (records.length === 0) {
      return;
    }
    const entries = records.map(batchEntry).reverse();
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const isIdle = await settledWithin(
      polling.then(() => Promise.all(running)),
      STOP_TIMEOUT_MS,
    );
    if (!isIdle) {
      onError(new Error(`${running.size} handlers still ran ${STOP_TIMEOUT_MS} ms after the stop`));
    }
  }

  return { stop: () => (stopped ??= stop()) };
}

function batchEntry(record: SQSRecord, index: number): { Id: string; ReceiptHandle: string } {
  return { Id: String(index), ReceiptHandle: record.receiptHandle };
}
