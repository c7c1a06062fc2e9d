import { createHash } from 'node:crypto';
import type { SnapshotPointer, SnapshotReader } from '../../../../core/protocol/snapshot-verdict.ts';
import { CHUNK_BYTES, MANIFEST_FORMAT, type SnapshotManifest } from '../../../../core/protocol/snapshots.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const MANIFEST: SnapshotManifest = {
  format: MANIFEST_FORMAT,
  townId: 'town-1',
  agentId: 'agent-1',
  epoch: 3,
  generation: 7,
  runtime: '1',
  server: '7.7.7',
  databaseBytes: 2 * CHUNK_BYTES + 4096,
  databaseHash: sha256('database'),
  chunks: ['one', 'two', 'three'].map((text) => ({ hash: sha256(text), bytes: 1000 })),
};

export const READER: SnapshotReader = {
  townId: 'town-1',
  agentId: 'agent-1',
  epoch: 4,
  runtime: '1',
  server: '7.7.7',
};

/** What the town would know if it had taken this text for the snapshot with the numbers of `MANIFEST`. */
export const pointerTo = (text: string): SnapshotPointer => ({
  manifestHash: sha256(text),
  generation: MANIFEST.generation,
  epoch: MANIFEST.epoch,
});
