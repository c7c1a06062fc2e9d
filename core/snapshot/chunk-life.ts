import type { SnapshotChunk } from '../protocol/snapshots.ts';
import { minutes, type Instant } from '../town/instant.ts';

/** An object that holds a chunk, as the store of files lists it. */
export interface StoredChunk extends SnapshotChunk {
  readonly storedAt: Instant;
}

const hours = (count: number): number => minutes(60 * count);

/** A chunk that is older is uploaded again, so that what a new manifest lists is far from being pruned. */
export const RENEW_AFTER_MS = hours(12);
/** A snapshot is not accepted with an older chunk: its plan is of yesterday, and pruning may be looking at that chunk now. */
export const TOO_OLD_TO_COMMIT_MS = hours(18);
/** Only chunks that nobody lists and that are older are deleted. */
export const PRUNE_AFTER_MS = hours(24);

/** Chunks of a snapshot to be that have to be uploaded, each once. */
export function chunksToUpload(
  wanted: readonly SnapshotChunk[],
  stored: ReadonlyMap<string, StoredChunk>,
  now: Instant,
): SnapshotChunk[] {
  return distinct(wanted).filter((chunk) => !isStored(chunk, stored, now, RENEW_AFTER_MS));
}

/** Chunks without which the snapshot is torn, or may soon be. */
export function chunksMissing(
  listed: readonly SnapshotChunk[],
  stored: ReadonlyMap<string, StoredChunk>,
  now: Instant,
): SnapshotChunk[] {
  return distinct(listed).filter((chunk) => !isStored(chunk, stored, now, TOO_OLD_TO_COMMIT_MS));
}

/** Chunks that may be deleted. @param isListed by the last good snapshot, or by one that is being made */
export function chunksToPrune(
  stored: Iterable<StoredChunk>,
  isListed: (hash: string) => boolean,
  now: Instant,
): StoredChunk[] {
  return [...stored].filter(({ hash, storedAt }) => now - storedAt > PRUNE_AFTER_MS && !isListed(hash));
}

function isStored(
  { hash, bytes }: SnapshotChunk,
  stored: ReadonlyMap<string, StoredChunk>,
  now: Instant,
  maxAgeMs: number,
): boolean {
  const found = stored.get(hash);
  return found !== undefined && found.bytes === bytes && now - found.storedAt <= maxAgeMs;
}

const distinct = (chunks: readonly SnapshotChunk[]): SnapshotChunk[] => [
  ...new Map(chunks.map((chunk) => [chunk.hash, chunk])).values(),
];
