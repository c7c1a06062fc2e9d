import {
  MAX_ADDRESSES,
  type SnapshotChunk,
  type SnapshotPlanAnswer,
} from '../../../core/protocol/snapshots.ts';
import { chunksToUpload } from '../../../core/snapshot/chunk-life.ts';
import { chunkKey } from '../../../core/snapshot/snapshot-keys.ts';
import type { SnapshotDeps, SnapshotOwner } from './owner.ts';
import { prune } from './prune.ts';
import { mustBeWhole, storedObjects } from './stored-chunks.ts';

/** What has to be uploaded for a snapshot with these chunks. @throws TooLarge */
export async function plan(
  { snapshots, snapshotObjects: objects, now }: SnapshotDeps,
  { townId, agentId }: SnapshotOwner,
  wanted: readonly SnapshotChunk[],
): Promise<SnapshotPlanAnswer> {
  const record = await snapshots.snapshotOf(townId, agentId);
  const stored = await storedObjects(objects, townId, agentId);
  await prune(objects, { townId, agentId, record, wanted, stored, now: now() });
  mustBeWhole(stored);
  const missing = chunksToUpload(wanted, stored.chunks, now());
  const uploads = await Promise.all(
    missing.slice(0, MAX_ADDRESSES).map(async ({ hash, bytes }) => ({
      hash,
      url: await objects.uploadUrl(chunkKey(townId, agentId, hash), { bytes, sha256: hash }),
    })),
  );
  return { generation: (record?.generation ?? 0) + 1, uploads, hasMore: missing.length > MAX_ADDRESSES };
}
