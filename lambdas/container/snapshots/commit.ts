import { createHash } from 'node:crypto';
import { Conflict, InvalidInput } from '../../../core/errors.ts';
import { isWhole, manifestText } from '../../../core/protocol/snapshot-verdict.ts';
import type { SnapshotCommitAnswer, SnapshotManifest } from '../../../core/protocol/snapshots.ts';
import { chunksMissing } from '../../../core/snapshot/chunk-life.ts';
import { manifestKey } from '../../../core/snapshot/snapshot-keys.ts';
import type { SnapshotRecord } from '../../../core/snapshot/snapshot-record.ts';
import type { SnapshotDeps, SnapshotOwner } from './owner.ts';
import { mustBeWhole, storedObjects } from './stored-chunks.ts';

/**
 * Makes a snapshot the agent's last good one: when all its chunks are there its manifest is written, and then the row that names it, which
 * neither an old epoch nor an old plan can do. Until then the one before stays what it is. The same again changes nothing.
 * @throws InvalidInput when it speaks of another agent, Conflict when it is torn or another one came first
 */
export async function commit(
  { snapshots, snapshotObjects: objects, now }: SnapshotDeps,
  { townId, agentId, epoch }: SnapshotOwner,
  manifest: SnapshotManifest,
): Promise<SnapshotCommitAnswer> {
  if (manifest.townId !== townId || manifest.agentId !== agentId || manifest.epoch !== epoch)
    throw new InvalidInput('The manifest is of another agent or another epoch.');
  if (!isWhole(manifest))
    throw new InvalidInput('The manifest lists more or fewer chunks than the database has.');
  const text = Buffer.from(manifestText(manifest));
  const manifestHash = createHash('sha256').update(text).digest('hex');
  const { generation, databaseBytes, chunks } = manifest;
  const answer = { generation, manifestHash };

  const before = await snapshots.snapshotOf(townId, agentId);
  if (before?.manifestHash === manifestHash) return answer;
  if (generation !== (before?.generation ?? 0) + 1) throw anotherCame(generation);
  const stored = await storedObjects(objects, townId, agentId);
  mustBeWhole(stored);
  const missing = chunksMissing(chunks, stored.chunks, now());
  if (missing.length > 0)
    throw new Conflict(
      `${missing.length} chunks are not there, or old. Plan again and upload what it asks for.`,
    );

  await objects.write(manifestKey(townId, agentId, manifestHash), text);
  const storedBytes = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
  const record: SnapshotRecord = {
    agentId,
    manifestHash,
    generation,
    epoch,
    databaseBytes,
    storedBytes,
    savedAt: now(),
  };
  if (!(await snapshots.setSnapshot(townId, record))) {
    const winner = await snapshots.snapshotOf(townId, agentId);
    if (winner?.manifestHash !== manifestHash) throw anotherCame(generation);
  }
  // Should it stay, it goes when it is a day old.
  if (before !== undefined)
    await objects.remove([manifestKey(townId, agentId, before.manifestHash)]).catch(() => {});
  return answer;
}

const anotherCame = (generation: number): Conflict =>
  new Conflict(`Snapshot ${generation} is not the next one: another one came first. Plan again.`);
