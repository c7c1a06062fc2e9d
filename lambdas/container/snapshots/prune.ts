import type { SnapshotObjects } from '../../../core/ports.ts';
import { snapshotManifest, type SnapshotChunk } from '../../../core/protocol/snapshots.ts';
import { chunksToPrune, PRUNE_AFTER_MS } from '../../../core/snapshot/chunk-life.ts';
import { chunkKey, manifestKey } from '../../../core/snapshot/snapshot-keys.ts';
import type { SnapshotRecord } from '../../../core/snapshot/snapshot-record.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { StoredObjects } from './stored-chunks.ts';

/** Of a manifest with all the chunks that it may have. */
export const MAX_MANIFEST_BYTES = 256 * 1024;
/** One call. */
const MOST_AT_ONCE = 1000;

export interface PruneRequest {
  readonly townId: string;
  readonly agentId: string;
  /** The last good snapshot; its chunks stay. */
  readonly record: SnapshotRecord | undefined;
  /** Of the snapshot that is being made. */
  readonly wanted: readonly SnapshotChunk[];
  readonly stored: StoredObjects;
  readonly now: Instant;
}

/**
 * Deletes what is a day old and listed by no snapshot: done with a plan, which has the list in its hands. A manifest that cannot be read
 * might list anything: then nothing goes.
 * @returns how many objects went
 */
export async function prune(objects: SnapshotObjects, request: PruneRequest): Promise<number> {
  const { townId, agentId, record, wanted, stored, now } = request;
  const isWanted = new Set(wanted.map(({ hash }) => hash));
  const old = chunksToPrune(stored.chunks.values(), (hash) => isWanted.has(hash), now);
  const listed = old.length === 0 ? [] : await listedBy(objects, townId, agentId, record);
  if (listed === undefined) return 0;
  const current = new Set(listed);
  const chunks = old
    .filter(({ hash }) => !current.has(hash))
    .map(({ hash }) => chunkKey(townId, agentId, hash));
  const currentManifest = record && manifestKey(townId, agentId, record.manifestHash);
  const manifests = stored.others
    .filter(({ key, storedAt }) => key !== currentManifest && now - storedAt > PRUNE_AFTER_MS)
    .map(({ key }) => key);
  const keys = [...manifests, ...chunks].slice(0, MOST_AT_ONCE);
  await objects.remove(keys);
  return keys.length;
}

/** Hashes of the chunks of the last good snapshot; undefined: nobody knows. */
async function listedBy(
  objects: SnapshotObjects,
  townId: string,
  agentId: string,
  record: SnapshotRecord | undefined,
): Promise<readonly string[] | undefined> {
  if (record === undefined) return [];
  const bytes = await objects.read(manifestKey(townId, agentId, record.manifestHash), MAX_MANIFEST_BYTES);
  if (bytes === undefined) return undefined;
  try {
    const manifest = snapshotManifest.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return manifest.data?.chunks.map(({ hash }) => hash);
  } catch {
    return undefined;
  }
}
