import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { startEmbeddedAws } from '../../../local/queues/embedded-aws.ts';
import { queueArnOf } from '../../../local/queues/town-queues.ts';

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface Embedded {
  sqs: SQSClient;
  s3StorageDir: string;
  endpoint: string;
  close(): Promise<void>;
}

export async function startEmbedded(): Promise<Embedded> {
  const s3StorageDir = await mkdtemp(join(tmpdir(), 'gastown-queues-'));
  const server = await startEmbeddedAws({ s3StorageDir });
  const sqs = new SQSClient({
    endpoint: server.sqsEndpoint,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  return {
    sqs,
    s3StorageDir,
    endpoint: server.sqsEndpoint,
    async close() {
      await server.close();
      sqs.destroy();
      await rm(s3StorageDir, { recursive: true, force: true });
    },
  };
}

let queueCount = 0;

export interface TestQueue {
  url: string;
  dlqUrl: string;
}

/** A queue of its own for one test, with a dead-letter queue after `maxReceiveCount`. */
export async function makeQueue(sqs: SQSClient, isFifo: boolean, maxReceiveCount = 5): Promise<TestQueue> {
  queueCount += 1;
  const name = `test-${queueCount}`;
  const suffix = isFifo ? '.fifo' : '';
  const kind: Record<string, string> = isFifo ? { FifoQueue: 'true' } : {};
  const create = async (name: string, attributes: Record<string, string>): Promise<string> => {
    const answer = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return answer.QueueUrl ?? '';
  };
  const dlqUrl = await create(`${name}-dlq${suffix}`, kind);
  const url = await create(`${name}${suffix}`, {
    ...kind,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await queueArnOf(sqs, dlqUrl), maxReceiveCount }),
  });
  return { url, dlqUrl };
}

let messageCount = 0;

/** Sends `body`; with `group`, to a FIFO queue. */
export async function send(sqs: SQSClient, queueUrl: string, body: string, group?: string): Promise<void> {
  messageCount += 1;
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      ...(group === undefined
        ? {}
        : { MessageGroupId: group, MessageDeduplicationId: `message-${messageCount}` }),
    }),
  );
}

export async function receive(sqs: SQSClient, queueUrl: string, waitSeconds = 0): Promise<Message[]> {
  const answer = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return answer.Messages ?? [];
}

/** Messages in the queue, in flight or not. */
export async function depth(sqs: SQSClient, queueUrl: string): Promise<number> {
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = answer.Attributes ?? {};
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
}
