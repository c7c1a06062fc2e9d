import type { TownStore } from '../../core/ports.ts';
import type { LiveKind, LiveRecords, Town } from '../../core/town/town.ts';

/**
 * What an earlier try of the same creation has made: a try that died may have written its records, and they may even have ended
 * since. A creation answers with it instead of making it again.
 */
export const standing = async <K extends LiveKind>(
  store: TownStore,
  town: Town,
  kind: K,
  id: string,
): Promise<LiveRecords[K] | undefined> =>
  town.live[kind].get(id) ?? (await store.archived(town.head.id, kind, id));
