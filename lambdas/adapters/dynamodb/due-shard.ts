/** Partitions of the due index. Stored with every due town: a change needs a migration. */
export const DUE_SHARDS = 16;

/** Partition key of the due index. */
export const duePk = (shard: number): string => `DUE#${shard}`;

/**
 * Shard of a town: FNV-1a over the UTF-16 units of its id, with all bits folded into the lowest ones. Stable for ever:
 * what is stored was placed by it.
 */
export function dueShard(townId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < townId.length; index += 1) {
    hash = Math.imul(hash ^ townId.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash ^= hash >>> 8;
  hash ^= hash >>> 4;
  return (hash >>> 0) % DUE_SHARDS;
}

export const duePkOf = (townId: string): string => duePk(dueShard(townId));
