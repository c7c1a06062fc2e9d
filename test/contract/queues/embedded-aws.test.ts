import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { startEmbeddedAws } from '../../../local/queues/embedded-aws.ts';
import { createTownQueues } from '../../../local/queues/town-queues.ts';
import { credentials, receive, send, startEmbedded } from './embedded.ts';

test('createTownQueues makes the queues as the stack does, and may be repeated', async () => {
  const embedded = await startEmbedded();
  try {
    const queues = await createTownQueues(embedded.sqs);
    expect(await createTownQueues(embedded.sqs)).toEqual(queues);
    const attributesOf = async (url: string): Promise<Record<string, string>> => {
      const answer = await embedded.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      );
      return answer.Attributes ?? {};
    };
    const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
    expect(await attributesOf(queues.townEventsUrl)).toMatchObject({
      QueueArn: arn('town-events.fifo'),
      FifoQueue: 'true',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      VisibilityTimeout: '60',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arn('town-events-dlq.fifo'),
        maxReceiveCount: 5,
      }),
    });
    expect(await attributesOf(queues.effectsUrl)).toMatchObject({
      QueueArn: arn('effects'),
      VisibilityTimeout: '900',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('effects-dlq'), maxReceiveCount: 5 }),
    });
    expect(await attributesOf(queues.townEventsDlqUrl)).toMatchObject({ FifoQueue: 'true' });
    expect(await attributesOf(queues.effectsDlqUrl)).toMatchObject({ QueueArn: arn('effects-dlq') });
    await send(embedded.sqs, queues.townEventsUrl, 'wake', 'town-a');
    expect((await receive(embedded.sqs, queues.townEventsUrl)).map(({ Body }) => Body)).toEqual(['wake']);
  } finally {
    await embedded.close();
  }
});

test('S3 objects survive a restart of the server; queues and the port do not', async () => {
  const embedded = await startEmbedded();
  const clientFor = (endpoint: string): S3Client =>
    new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 });
  try {
    const before = clientFor(embedded.endpoint);
    await before.send(new CreateBucketCommand({ Bucket: 'snapshots' }));
    const Body = Buffer.alloc(300_000, 7);
    await before.send(new PutObjectCommand({ Bucket: 'snapshots', Key: 'town-a/agent-1.tar', Body }));

    const restarted = await startEmbeddedAws({ s3StorageDir: embedded.s3StorageDir });
    const after = clientFor(restarted.s3Endpoint);
    const found = await after.send(new GetObjectCommand({ Bucket: 'snapshots', Key: 'town-a/agent-1.tar' }));
    expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
    await restarted.close();
    before.destroy();
    after.destroy();
  } finally {
    await embedded.close();
  }
});

test('listens on 127.0.0.1 only, and closes in time although a long poll is waiting', async () => {
  const embedded = await startEmbedded();
  const { hostname, port } = new URL(embedded.endpoint);
  expect(hostname).toBe('127.0.0.1');
  const otherAddresses = Object.values(networkInterfaces())
    .flat()
    .flatMap((entry) => (entry?.family === 'IPv4' && !entry.internal ? [entry.address] : []));
  for (const host of ['127.0.0.2', ...otherAddresses]) {
    expect(await isReachable(host, Number(port))).toBe(false);
  }
  const queues = await createTownQueues(embedded.sqs);
  const poll = receive(embedded.sqs, queues.effectsUrl, 20).catch(() => []);
  const beganMs = performance.now();
  await embedded.close();
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  expect(await poll).toEqual([]);
});

function isReachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const answer = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}
