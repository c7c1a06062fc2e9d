import { judgeManifest } from '../../core/protocol/snapshot-verdict.ts';
import {
  CHUNK_BYTES,
  SESSION_RUNTIME,
  type SnapshotChunk,
  type SnapshotManifest,
  type SnapshotRefusal,
} from '../../core/protocol/snapshots.ts';
import { contentOf, sha256 } from './chunk-content.ts';
import type { SnapshotCalls, SnapshotIdentity } from './snapshot-calls.ts';
import { download, each } from './transfer.ts';

/** There is a snapshot, and it may not be used. */
export class SnapshotRefusedError extends Error {
  override readonly name = 'SnapshotRefusedError';
  readonly reason: SnapshotRefusal;
  constructor(reason: SnapshotRefusal) {
    super(`the snapshot is refused: ${reason}`);
    this.reason = reason;
  }
}

export interface Restored {
  readonly generation: number;
  readonly database: Uint8Array;
}

/**
 * The database of the agent's last good snapshot, checked chunk by chunk and as a whole. Undefined: there is none.
 * @throws SnapshotRefusedError, or an Error of the network
 */
export async function fetchSnapshot(
  calls: SnapshotCalls,
  identity: SnapshotIdentity,
  signal: AbortSignal,
): Promise<Restored | undefined> {
  const { agentId, server } = identity;
  const ask = (from: number) => calls.restore(agentId, { runtime: SESSION_RUNTIME, server, from }, signal);
  let answer = await ask(0);
  if (answer.state === 'none') return undefined;
  if (answer.state === 'refused') throw new SnapshotRefusedError(answer.reason);
  const { manifestHash } = answer;
  const manifest = accepted(answer, identity);
  const database = new Uint8Array(manifest.databaseBytes);
  for (let from = 0; from < manifest.chunks.length; from += answer.urls.length) {
    if (from > 0) answer = await ask(from);
    // Somebody has saved meanwhile, or the snapshot is gone.
    if (answer.state !== 'found' || answer.manifestHash !== manifestHash || answer.urls.length === 0)
      throw new SnapshotRefusedError('other_generation');
    const first = from;
    await each(answer.urls, signal, async (url, index, limit) => {
      const chunk = manifest.chunks[first + index];
      if (chunk === undefined) return;
      database.set(
        await fetchChunk(url, chunk, lengthAt(manifest, first + index), limit),
        (first + index) * CHUNK_BYTES,
      );
    });
  }
  if (sha256(database) !== manifest.databaseHash) throw new SnapshotRefusedError('altered_database');
  return { generation: manifest.generation, database };
}

function accepted(
  pointer: { manifest?: string | undefined; manifestHash: string; generation: number; epoch: number },
  { townId, agentId, epoch, server }: SnapshotIdentity,
): SnapshotManifest {
  const { manifest: text = '' } = pointer;
  const reader = { townId, agentId, epoch, runtime: SESSION_RUNTIME, server };
  const verdict = judgeManifest(text, sha256(Buffer.from(text)), pointer, reader);
  if (verdict.state === 'refused') throw new SnapshotRefusedError(verdict.reason);
  return verdict.manifest;
}

/** All chunks are full but the last. */
const lengthAt = ({ databaseBytes }: SnapshotManifest, place: number): number =>
  Math.min(CHUNK_BYTES, databaseBytes - place * CHUNK_BYTES);

async function fetchChunk(
  url: string,
  chunk: SnapshotChunk,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const stored = await download(url, chunk, signal);
  if (stored === undefined) throw new SnapshotRefusedError('missing_chunk');
  if (stored.length !== chunk.bytes || sha256(stored) !== chunk.hash)
    throw new SnapshotRefusedError('altered_chunk');
  const content = await contentOf(stored).catch(() => undefined);
  if (content?.length !== length) throw new SnapshotRefusedError('altered_chunk');
  return content;
}
