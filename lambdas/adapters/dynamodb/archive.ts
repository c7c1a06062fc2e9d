import type { LiveKind, LiveRecords } from '../../../core/town/town.ts';
import type { Item } from './items.ts';
import { doneKey, donePk } from './keys.ts';
import { parseRecord } from './records.ts';
import { DONE_INDEX } from './table.ts';
import type { TownTable } from './town-table.ts';

/** Terminal records that one call reads; older ones are found by id. */
const MAX_ARCHIVED = 10_000;

export async function readArchived<K extends LiveKind>(
  table: TownTable,
  townId: string,
  kind: K,
  id: string,
): Promise<LiveRecords[K] | undefined> {
  const item = await table.get('archived', doneKey(townId, id));
  return item === undefined || item['kind'] !== kind ? undefined : recordOf(kind, item);
}

/** Newest first. The index follows the commit by a moment. */
export async function readArchivedOf<K extends LiveKind>(
  table: TownTable,
  townId: string,
  kind: K,
): Promise<LiveRecords[K][]> {
  const items = await table.query('archivedOf', {
    index: DONE_INDEX,
    where: '#donePk = :donePk',
    values: { ':donePk': donePk(townId, kind) },
    isNewestFirst: true,
    limit: MAX_ARCHIVED,
  });
  return items.map((item) => recordOf(kind, item));
}

function recordOf<K extends LiveKind>(kind: K, item: Item): LiveRecords[K] {
  const { kind: _, ...record } = item;
  return parseRecord(kind, record);
}
