import { buildApp } from 'fauxqs';
import { settledWithin } from '../bounded-wait.ts';
import { openDiskStores } from '../storage/disk-stores.ts';
import { releaseAbandonedMessages } from './abandoned-messages.ts';

const CLOSE_TIMEOUT_MS = 5_000;

export interface EmbeddedAws {
  readonly sqsEndpoint: string;
  /** Needs `forcePathStyle: true` in the S3 client. */
  readonly s3Endpoint: string;
  /** Ends every open connection; queues are lost, S3 objects stay on disk. At most 5 s. */
  close(): Promise<void>;
}

/**
 * Starts SQS (in memory) and S3 (files under `s3StorageDir`) in this process, on a free port of 127.0.0.1.
 * With persistence on, the server's dead-letter redrive breaks; queues may be lost (design decision 7), so they are.
 */
export async function startEmbeddedAws(options: { s3StorageDir: string }): Promise<EmbeddedAws> {
  const disk = await openDiskStores(options.s3StorageDir);
  const app = buildApp({ logger: false, stores: disk.stores });
  releaseAbandonedMessages(app);
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    sqsEndpoint: endpoint,
    s3Endpoint: endpoint,
    async close() {
      await settledWithin(app.close(), CLOSE_TIMEOUT_MS);
      disk.close();
    },
  };
}
