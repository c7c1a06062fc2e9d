import {
  MANIFEST_FORMAT,
  MAX_ADDRESSES,
  MAX_CHUNKS,
  SESSION_RUNTIME,
  type SnapshotChunk,
  type SnapshotManifest,
} from '../../core/protocol/snapshots.ts';
import type { ChunkCutter } from './chunk-content.ts';
import type { SnapshotCalls, SnapshotIdentity } from './snapshot-calls.ts';
import { each, upload } from './transfer.ts';

/** Each uploads as many chunks as an answer has addresses; one more, should some have grown old meanwhile. */
const MOST_PLANS = Math.ceil(MAX_CHUNKS / MAX_ADDRESSES) + 1;

export interface Saved {
  readonly generation: number;
  readonly sizeBytes: number;
  readonly uploadedBytes: number;
}

/** Uploads what changed since the last snapshot, and makes this one the last. Until the very end that one stays. */
export async function saveSnapshot(
  calls: SnapshotCalls,
  identity: SnapshotIdentity,
  database: Uint8Array,
  cutter: ChunkCutter,
  signal: AbortSignal,
): Promise<Saved> {
  const { townId, agentId, epoch, server } = identity;
  const { databaseHash, chunks, contentOf } = await cutter.cut(database);
  const distinct: SnapshotChunk[] = [...new Map(chunks.map((chunk) => [chunk.hash, chunk])).values()];
  let uploadedBytes = 0;
  for (let round = 1; ; round += 1) {
    const { generation, uploads, hasMore } = await calls.plan(agentId, distinct, signal);
    await each(uploads, signal, async ({ hash, url }, _, limit) => {
      const content = await contentOf(hash);
      await upload(url, { hash, content }, limit);
      uploadedBytes += content.length;
    });
    if (hasMore && round < MOST_PLANS) continue;
    const manifest: SnapshotManifest = {
      format: MANIFEST_FORMAT,
      townId,
      agentId,
      epoch,
      generation,
      runtime: SESSION_RUNTIME,
      server,
      databaseBytes: database.length,
      databaseHash,
      chunks: [...chunks],
    };
    await calls.commit(agentId, manifest, signal);
    return { generation, sizeBytes: database.length, uploadedBytes };
  }
}
