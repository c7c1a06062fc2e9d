import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnapshotChunk } from '../../../core/protocol/snapshots.ts';
import { chunksToUpload, type StoredChunk } from '../../../core/snapshot/chunk-life.ts';
import { createChunkCutter } from '../../../task-image/snapshots/chunk-content.ts';
import { readDatabase } from '../../../task-image/snapshots/session-database.ts';
import { openSessionDatabase } from '../../integration/snapshots/session-database.ts';
import type { Goal } from '../goal.ts';

const MB = 1_000_000;
const GROWTH = 0.01;

/** What a session's snapshot uploads when the session has grown a little: real copies of a real database, planned as the town does. */
export const g13: Goal = {
  id: 'G13',
  title: 'A session that grew a little is saved with little',
  async measure(isQuick) {
    const size = (isQuick ? 10 : 50) * MB;
    const home = await mkdtemp(join(tmpdir(), 'gastown-bench-'));
    const database = openSessionDatabase(home);
    try {
      const cutter = createChunkCutter();
      const stored = new Map<string, StoredChunk>();
      /** Bytes of what is uploaded now, and of all that the snapshot has. */
      const save = async (): Promise<{ uploaded: number; whole: number }> => {
        const copy = await readDatabase({ home }, AbortSignal.timeout(60_000));
        if (copy === undefined) throw new Error('there is no database');
        const { chunks } = await cutter.cut(copy);
        const uploads = chunksToUpload(chunks, stored, 0);
        for (const chunk of uploads) stored.set(chunk.hash, { ...chunk, storedAt: 0 });
        return { uploaded: bytesOf(uploads), whole: bytesOf(chunks) };
      };
      database.grow(size);
      await save();
      database.grow(size * GROWTH);
      const grown = await save();
      return [
        {
          name: 'g13.bytes',
          what: `bytes of a whole ${size / MB} MB database by those uploaded after it grew by 1 %`,
          value: grown.whole / grown.uploaded,
          better: 'more',
          target: 20,
          kind: 'count',
        },
      ];
    } finally {
      database.close();
      await rm(home, { recursive: true, force: true });
    }
  },
};

const bytesOf = (chunks: readonly SnapshotChunk[]): number =>
  chunks.reduce((sum, { bytes }) => sum + bytes, 0);
