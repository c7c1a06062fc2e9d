import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { Unavailable } from '../../../core/errors.ts';
import type { EffectQueue, TownQueue } from '../../../core/ports.ts';

type OnSend = (messages: number) => void;

/** The FIFO queue of wake-ups and facts: one group a town. */
export function createTownQueue(sqs: SQSClient, queueUrl: string, onSend: OnSend = () => {}): TownQueue {
  return {
    async send(message, dedupId = randomUUID()) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(message),
          MessageGroupId: message.townId,
          MessageDeduplicationId: dedupId,
        }),
      );
      onSend(1);
    },
  };
}

/** SQS takes ten messages in a batch. */
const BATCH = 10;

export function createEffectQueue(sqs: SQSClient, queueUrl: string, onSend: OnSend = () => {}): EffectQueue {
  return {
    async send(messages) {
      for (let from = 0; from < messages.length; from += BATCH) {
        const batch = messages.slice(from, from + BATCH);
        const Entries = batch.map((message, index) => ({
          Id: `${index}`,
          MessageBody: JSON.stringify(message),
        }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        onSend(batch.length);
        if (Failed.length > 0)
          throw new Unavailable(`${Failed.length} effect messages were not taken by the queue.`);
      }
    },
  };
}

/** Says when a failed message comes again. */
export const createRedelivery = (sqs: SQSClient, queueUrl: string) => ({
  async delay(record: SQSRecord, seconds: number): Promise<void> {
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  },
});
