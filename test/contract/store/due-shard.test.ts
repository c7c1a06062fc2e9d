import { uuidv7 } from 'uuidv7';
import { describe, expect, it } from 'vitest';
import { DUE_SHARDS, dueShard } from '../../../lambdas/adapters/dynamodb/due-shard.ts';

const IDS = 10_000;
const sources = [
  { of: 'UUIDv7', make: () => uuidv7() },
  { of: 'numbers', make: (index: number) => `town-${index}` },
  { of: 'numbers that differ at the front', make: (index: number) => `${index}-town` },
];

describe('the due shard', () => {
  it.each(sources)('spreads ten thousand towns evenly: $of', ({ make }) => {
    const counts = Array.from({ length: DUE_SHARDS }, () => 0);
    for (let index = 0; index < IDS; index += 1) {
      const shard = dueShard(make(index));
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    const expected = IDS / DUE_SHARDS;
    expect(counts).toHaveLength(DUE_SHARDS);
    // Chance alone stays within six standard deviations of sqrt(625).
    for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(150);
  });

  it('never changes: stored towns are where it once put them', () => {
    const ids = ['', 'a', 'town-1', '0190a3f2-7c41-7d3e-9b5a-1f2e3d4c5b6a', 'größe'];
    expect(ids.map(dueShard)).toEqual([9, 3, 10, 11, 5]);
  });
});
