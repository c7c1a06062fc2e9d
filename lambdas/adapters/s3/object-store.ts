import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Conflict, Unavailable } from '../../../core/errors.ts';
import type { ObjectStore } from '../../../core/ports.ts';
import { raise, statusOf } from './s3-errors.ts';
import { textParts } from './text-parts.ts';

const DOWNLOAD_SECONDS = 15 * 60;
const UPLOAD_SECONDS = 60 * 60;
const CONTENT_TYPE = 'application/x-ndjson';

/** Objects of one bucket. The client must not check what it signs: a signed upload cannot know its checksum. */
export function createObjectStore(s3: S3Client, Bucket: string): ObjectStore {
  const put = async (Key: string, Body: Uint8Array): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: CONTENT_TYPE }));
  };

  /** Parts are sent one after another: one of them is in memory. */
  const putParts = async (Key: string, parts: AsyncIterable<Uint8Array>): Promise<void> => {
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType: CONTENT_TYPE }),
    );
    const Parts: CompletedPart[] = [];
    try {
      for await (const Body of parts) {
        const PartNumber = Parts.length + 1;
        const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
        Parts.push({ PartNumber, ETag });
      }
      await s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      );
    } catch (error) {
      // What cannot be taken back now goes by the bucket's rule for unfinished uploads.
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
      throw error;
    }
  };

  return {
    async write(key, text) {
      let bytes = 0;
      const parts = counted(textParts(text), (length) => (bytes += length));
      const first = await parts.next();
      const second = first.done === true ? first : await parts.next();
      if (second.done === true) await put(key, first.value ?? new Uint8Array()).catch(raise);
      else await putParts(key, joined([first.value ?? new Uint8Array(), second.value], parts)).catch(raise);
      return bytes;
    },
    async describe(Key) {
      try {
        const { ContentLength = 0, ETag = '' } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
        return { bytes: ContentLength, etag: ETag };
      } catch (error) {
        return statusOf(error) === 404 ? undefined : raise(error);
      }
    },
    async *read(Key, etag) {
      const answer = await s3
        .send(new GetObjectCommand({ Bucket, Key, IfMatch: etag }))
        .catch((error: unknown) => {
          if ([404, 412].includes(statusOf(error) ?? 0))
            throw new Conflict('The uploaded file was changed while it was read. Start another import.', {
              cause: error,
            });
          return raise(error);
        });
      // In Node the body is a stream of buffers.
      const body = answer.Body as AsyncIterable<Uint8Array> | undefined;
      if (body === undefined) return;
      try {
        yield* body;
      } catch (error) {
        raise(error);
      }
    },
    async remove(Key) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key })).catch(raise);
    },
    async removeAll(Prefix, isTimeUp) {
      while (!isTimeUp()) {
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix })).catch(raise);
        const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
        if (Objects.length === 0) return true;
        const { Errors = [] } = await s3
          .send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
          .catch(raise);
        if (Errors.length > 0)
          throw new Unavailable(
            `${Errors.length} files could not be deleted (${Errors[0]?.Code ?? 'no code'}).`,
          );
      }
      return false;
    },
    downloadUrl: (Key, fileName) =>
      getSignedUrl(
        s3,
        new GetObjectCommand({
          Bucket,
          Key,
          ResponseContentDisposition: `attachment; filename="${fileName}"`,
        }),
        { expiresIn: DOWNLOAD_SECONDS },
      ),
    uploadUrl: (Key) =>
      getSignedUrl(s3, new PutObjectCommand({ Bucket, Key }), { expiresIn: UPLOAD_SECONDS }),
  };
}

async function* counted(
  parts: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const part of parts) {
    count(part.length);
    yield part;
  }
  return undefined;
}

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}
