import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { TooLarge, Unavailable } from '../../../core/errors.ts';
import type { ListedObject, SnapshotObjects } from '../../../core/ports.ts';
import { CHECKSUM_HEADER } from '../../../core/protocol/snapshots.ts';
import { raise, statusOf } from './s3-errors.ts';

const ADDRESS_SECONDS = 15 * 60;

/** Snapshots of sessions in one bucket. */
export function createSnapshotObjects(s3: S3Client, Bucket: string): SnapshotObjects {
  return {
    async list(Prefix, maxPages) {
      const objects: ListedObject[] = [];
      let ContinuationToken: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const answer = await s3
          .send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }))
          .catch(raise);
        for (const { Key, Size = 0, LastModified } of answer.Contents ?? [])
          if (Key !== undefined)
            objects.push({ key: Key, bytes: Size, storedAt: LastModified?.getTime() ?? 0 });
        ContinuationToken = answer.NextContinuationToken;
        if (ContinuationToken === undefined) return { objects, isWhole: true };
      }
      return { objects, isWhole: false };
    },
    async read(Key, maxBytes) {
      try {
        const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        if (ContentLength > maxBytes)
          throw new TooLarge(`The object has ${ContentLength} bytes; ${maxBytes} is the most.`);
        return await Body?.transformToByteArray();
      } catch (error) {
        return statusOf(error) === 404 ? undefined : raise(error);
      }
    },
    async write(Key, Body) {
      await s3
        .send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }))
        .catch(raise);
    },
    async remove(keys) {
      if (keys.length === 0) return;
      const Objects = keys.map((Key) => ({ Key }));
      const { Errors = [] } = await s3
        .send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
        .catch(raise);
      if (Errors.length > 0)
        throw new Unavailable(
          `${Errors.length} objects could not be deleted (${Errors[0]?.Code ?? 'no code'}).`,
        );
    },
    uploadUrl(Key, { bytes, sha256 }) {
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
      const put = new PutObjectCommand({ Bucket, Key, ContentLength: bytes, ChecksumSHA256 });
      return getSignedUrl(s3, put, {
        expiresIn: ADDRESS_SECONDS,
        // Headers, not part of the address: S3 checks what is sent against them, and the signature holds them.
        unhoistableHeaders: new Set([CHECKSUM_HEADER]),
        signableHeaders: new Set(['host', 'content-length', CHECKSUM_HEADER]),
      });
    },
    downloadUrl: (Key) =>
      getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: ADDRESS_SECONDS }),
  };
}
