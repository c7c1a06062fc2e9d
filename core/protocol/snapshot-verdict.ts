import { CHUNK_BYTES, snapshotManifest, type SnapshotManifest, type SnapshotRefusal } from './snapshots.ts';

/** What the town has written down of an agent's last good snapshot. */
export interface SnapshotPointer {
  readonly manifestHash: string;
  readonly generation: number;
  readonly epoch: number;
}

/** Who wants to use it. */
export interface SnapshotReader {
  readonly townId: string;
  readonly agentId: string;
  readonly epoch: number;
  readonly runtime: string;
  readonly server: string;
}

export type SnapshotVerdict =
  | { readonly state: 'accepted'; readonly manifest: SnapshotManifest }
  | { readonly state: 'refused'; readonly reason: SnapshotRefusal };

const refused = (reason: SnapshotRefusal): SnapshotVerdict => ({ state: 'refused', reason });

/**
 * May this manifest be used? What is not exactly the one that the town knows, whole, and made for this reader is refused.
 * @param measuredHash the SHA-256 of `text`
 */
export function judgeManifest(
  text: string,
  measuredHash: string,
  pointer: SnapshotPointer,
  reader: SnapshotReader,
): SnapshotVerdict {
  if (measuredHash !== pointer.manifestHash) return refused('altered_manifest');
  const manifest = readManifest(text);
  if (manifest === undefined) return refused('unreadable_manifest');
  if (!isWhole(manifest)) return refused('incomplete_manifest');
  if (manifest.townId !== reader.townId) return refused('other_town');
  if (manifest.agentId !== reader.agentId) return refused('other_agent');
  if (manifest.generation !== pointer.generation || manifest.epoch !== pointer.epoch)
    return refused('other_generation');
  if (manifest.epoch > reader.epoch) return refused('later_epoch');
  if (manifest.runtime !== reader.runtime) return refused('other_runtime');
  if (manifest.server !== reader.server) return refused('other_server');
  return { state: 'accepted', manifest };
}

/** Does it list as many chunks as the database has? */
export const isWhole = ({ databaseBytes, chunks }: SnapshotManifest): boolean =>
  chunks.length === Math.ceil(databaseBytes / CHUNK_BYTES);

/** The one way in which a manifest is written, so that its hash says all of it. */
export const manifestText = (manifest: SnapshotManifest): string =>
  JSON.stringify(snapshotManifest.parse(manifest));

/** Undefined: it is no manifest, or one of a later format. */
function readManifest(text: string): SnapshotManifest | undefined {
  try {
    return snapshotManifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
