import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chunksMissing,
  chunksToPrune,
  chunksToUpload,
  type StoredChunk,
} from '../../../../core/snapshot/chunk-life.ts';
import { minutes } from '../../../../core/town/instant.ts';

const NOW = Date.UTC(2026, 0, 2);
const hoursAgo = (hours: number): number => NOW - minutes(60 * hours);
const HASH = 'a'.repeat(64);
const stored = (ageHours: number, bytes = 100): ReadonlyMap<string, StoredChunk> =>
  new Map([[HASH, { hash: HASH, bytes, storedAt: hoursAgo(ageHours) }]]);
const NOTHING: ReadonlyMap<string, StoredChunk> = new Map();

describe('what becomes of a chunk', () => {
  test.each([
    { situation: 'is not stored', stored: NOTHING, uploads: true, isMissing: true },
    { situation: 'was stored now', stored: stored(0), uploads: false, isMissing: false },
    { situation: 'is 12 h old', stored: stored(12), uploads: false, isMissing: false },
    { situation: 'is older than 12 h', stored: stored(12.1), uploads: true, isMissing: false },
    { situation: 'is 18 h old', stored: stored(18), uploads: true, isMissing: false },
    { situation: 'is older than 18 h', stored: stored(18.1), uploads: true, isMissing: true },
    { situation: 'has another length', stored: stored(0, 99), uploads: true, isMissing: true },
    { situation: 'was stored by a clock ahead', stored: stored(-1), uploads: false, isMissing: false },
  ])('one that $situation', ({ stored: found, uploads, isMissing }) => {
    const wanted = [
      { hash: HASH, bytes: 100 },
      { hash: HASH, bytes: 100 },
    ];
    expect(chunksToUpload(wanted, found, NOW)).toHaveLength(uploads ? 1 : 0);
    expect(chunksMissing(wanted, found, NOW)).toHaveLength(isMissing ? 1 : 0);
  });

  test.each([
    { situation: 'nobody lists, older than 24 h', ageHours: 24.1, isListed: false, goes: true },
    { situation: 'nobody lists, 24 h old', ageHours: 24, isListed: false, goes: false },
    { situation: 'is listed, a year old', ageHours: 24 * 365, isListed: true, goes: false },
  ])('one that $situation', ({ ageHours, isListed, goes }) => {
    expect(chunksToPrune(stored(ageHours).values(), () => isListed, NOW)).toHaveLength(goes ? 1 : 0);
  });
});

const chunk = fc.record({
  hash: fc.integer({ min: 0, max: 30 }).map((n) => n.toString(16).padStart(64, '0')),
  bytes: fc.constant(100),
  storedAt: fc.integer({ min: hoursAgo(48), max: NOW }),
});
const listing = fc
  .array(chunk, { maxLength: 30 })
  .map((chunks) => new Map(chunks.map((one) => [one.hash, one])));

test('what a plan lets stand can be committed for 6 h, and pruning does not touch what can be committed', () => {
  fc.assert(
    fc.property(
      fc.array(chunk, { maxLength: 30 }),
      listing,
      fc.nat(minutes(6 * 60)),
      (wanted, at, laterMs) => {
        const uploads = chunksToUpload(wanted, at, NOW);
        const after = new Map([
          ...at,
          ...uploads.map((one) => [one.hash, { ...one, storedAt: NOW }] as const),
        ]);
        const later = NOW + laterMs;
        expect(chunksMissing(wanted, after, later)).toEqual([]);
        // Somebody who prunes at that moment without knowing of this snapshot.
        const pruned = chunksToPrune(after.values(), () => false, later).map(({ hash }) => hash);
        expect(wanted.filter(({ hash }) => pruned.includes(hash))).toEqual([]);
      },
    ),
  );
});
