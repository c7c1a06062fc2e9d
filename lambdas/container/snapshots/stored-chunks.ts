import { TooLarge } from '../../../core/errors.ts';
import type { SnapshotObjects } from '../../../core/ports.ts';
import type { StoredChunk } from '../../../core/snapshot/chunk-life.ts';
import { agentSnapshotPrefix, chunkPrefix } from '../../../core/snapshot/snapshot-keys.ts';
import type { ListedObject } from '../../../core/ports.ts';

/** 20,000 objects: a list of what an agent has stored is at most so many calls. */
const MAX_PAGES = 20;

export interface StoredObjects {
  readonly chunks: ReadonlyMap<string, StoredChunk>;
  /** Manifests, the current one among them. */
  readonly others: readonly ListedObject[];
  readonly isWhole: boolean;
}

/** What there is of one agent, by listing its prefix: a call for a thousand objects, and none for a single one. */
export async function storedObjects(
  objects: SnapshotObjects,
  townId: string,
  agentId: string,
): Promise<StoredObjects> {
  const listed = await objects.list(agentSnapshotPrefix(townId, agentId), MAX_PAGES);
  const prefix = chunkPrefix(townId, agentId);
  const isChunk = ({ key }: ListedObject): boolean => key.startsWith(prefix);
  const chunks = listed.objects.filter(isChunk).map(({ key, bytes, storedAt }) => {
    const hash = key.slice(prefix.length);
    return [hash, { hash, bytes, storedAt }] as const;
  });
  return {
    chunks: new Map(chunks),
    others: listed.objects.filter((object) => !isChunk(object)),
    isWhole: listed.isWhole,
  };
}

/** Beyond that nobody can say what is there. It passes: what nobody lists goes after a day. */
export function mustBeWhole({ isWhole }: StoredObjects): void {
  if (!isWhole)
    throw new TooLarge(
      'The agent has too many chunks of old snapshots. It is saved again when they are a day old and gone.',
    );
}
