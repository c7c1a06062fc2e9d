import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { CHUNK_BYTES, type SnapshotChunk } from '../../core/protocol/snapshots.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A database in chunks. */
export interface CutDatabase {
  readonly databaseHash: string;
  /** In order; the same one may be there more than once. */
  readonly chunks: readonly SnapshotChunk[];
  /** What is stored of a chunk. */
  contentOf(hash: string): Promise<Uint8Array>;
}

/** Cuts a database again and again, and compresses only what is new. */
export interface ChunkCutter {
  cut(database: Uint8Array): Promise<CutDatabase>;
}

export function createChunkCutter(): ChunkCutter {
  /** Of the last cut: by the hash of what a chunk holds, how it is stored. */
  let known = new Map<string, SnapshotChunk>();
  return {
    async cut(database) {
      const seen = new Map<string, SnapshotChunk>();
      const places = new Map<string, Uint8Array>();
      const chunks: SnapshotChunk[] = [];
      for (let at = 0; at < database.length; at += CHUNK_BYTES) {
        const part = database.subarray(at, at + CHUNK_BYTES);
        const content = sha256(part);
        const chunk = seen.get(content) ?? known.get(content) ?? (await storedAs(part));
        seen.set(content, chunk);
        places.set(chunk.hash, part);
        chunks.push(chunk);
      }
      known = seen;
      return {
        databaseHash: sha256(database),
        chunks,
        async contentOf(hash) {
          const part = places.get(hash);
          if (part === undefined) throw new Error(`the snapshot has no chunk ${hash}`);
          return compress(part);
        },
      };
    },
  };
}

async function storedAs(part: Uint8Array): Promise<SnapshotChunk> {
  const stored = await compress(part);
  return { hash: sha256(stored), bytes: stored.length };
}

/** What a stored chunk holds. @throws Error when that is not a chunk, or more than one */
export const contentOf = (stored: Uint8Array): Promise<Uint8Array> =>
  decompress(stored, { maxOutputLength: CHUNK_BYTES });
