import { createHash } from 'node:crypto';
import { judgeManifest } from '../../../core/protocol/snapshot-verdict.ts';
import { MAX_ADDRESSES, type SnapshotRestoreAnswer } from '../../../core/protocol/snapshots.ts';
import { chunkKey, manifestKey } from '../../../core/snapshot/snapshot-keys.ts';
import type { SnapshotDeps, SnapshotOwner } from './owner.ts';
import { MAX_MANIFEST_BYTES } from './prune.ts';

/** The agent's last good snapshot: its manifest, and where its chunks are. What may not be used is refused here already. */
export async function restore(
  { snapshots, snapshotObjects: objects }: SnapshotDeps,
  { townId, agentId, epoch }: SnapshotOwner,
  { runtime, server, from }: { runtime: string; server: string; from: number },
): Promise<SnapshotRestoreAnswer> {
  const record = await snapshots.snapshotOf(townId, agentId);
  if (record === undefined) return { state: 'none' };
  const bytes = await objects.read(manifestKey(townId, agentId, record.manifestHash), MAX_MANIFEST_BYTES);
  if (bytes === undefined) return { state: 'refused', reason: 'missing_manifest' };
  const text = Buffer.from(bytes).toString('utf8');
  const measured = createHash('sha256').update(bytes).digest('hex');
  const verdict = judgeManifest(text, measured, record, { townId, agentId, epoch, runtime, server });
  if (verdict.state === 'refused') return verdict;
  const part = verdict.manifest.chunks.slice(from, from + MAX_ADDRESSES);
  return {
    state: 'found',
    manifestHash: record.manifestHash,
    generation: record.generation,
    epoch: record.epoch,
    ...(from === 0 ? { manifest: text } : {}),
    urls: await Promise.all(part.map(({ hash }) => objects.downloadUrl(chunkKey(townId, agentId, hash)))),
  };
}
