import type { TownStore } from '../../core/ports.ts';
import type { LiveKind, LiveRecords, Town } from '../../core/town/town.ts';

/** Live records and ended ones. */
export async function allRecords<K extends LiveKind>(
  store: TownStore,
  town: Town,
  kind: K,
): Promise<LiveRecords[K][]> {
  // The types of a map's values and of the kind agree; TypeScript does not see it for a type parameter.
  const live = [...town.live[kind].values()] as LiveRecords[K][];
  return [...live, ...(await store.archivedOf(town.head.id, kind))];
}
