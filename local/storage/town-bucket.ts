import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { EMBEDDED_CREDENTIALS, EMBEDDED_REGION } from '../embedded-clients.ts';

/** Where exports, imports and snapshots are. Nothing deletes what is old on this machine: there are no lifecycle rules. */
const BUCKET = 'gastown';

/** A client of the embedded server, and its one bucket, made if it is not there. */
export async function openTownBucket(endpoint: string): Promise<{ s3: S3Client; bucket: string }> {
  const s3 = new S3Client({
    endpoint,
    region: EMBEDDED_REGION,
    credentials: EMBEDDED_CREDENTIALS,
    forcePathStyle: true,
    // A signed upload cannot know the checksum of what will be sent.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const isThere = await s3.send(new HeadBucketCommand({ Bucket: BUCKET })).then(
    () => true,
    () => false,
  );
  if (!isThere) await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return { s3, bucket: BUCKET };
}
