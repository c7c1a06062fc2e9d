import type { ArchivePart, ArchiveQuery } from '../../../core/ports.ts';
import type { LiveKind, LiveRecords } from '../../../core/town/town.ts';
import type { Item } from './items.ts';
import { DONE_PREFIX, doneKey, donePk, townPk } from './keys.ts';
import { parseRecord } from './records.ts';
import { DONE_INDEX } from './table.ts';
import type { TownTable } from './town-table.ts';

export async function readArchived<K extends LiveKind>(
  table: TownTable,
  townId: string,
  kind: K,
  id: string,
): Promise<LiveRecords[K] | undefined> {
  const item = await table.get('archived', doneKey(townId, id));
  return item === undefined || item['kind'] !== kind ? undefined : recordOf(kind, item);
}

/** @param ids each once */
export async function readArchivedAmong<K extends LiveKind>(
  table: TownTable,
  townId: string,
  kind: K,
  ids: readonly string[],
): Promise<LiveRecords[K][]> {
  const keys = ids.map((id) => doneKey(townId, id));
  return recordsOf(kind, await table.getMany('archivedAmong', keys));
}

/**
 * By key, and not over the index: ids order what is live and what has ended alike, so that a list over both keeps its order when
 * a record ends; and nothing is missing for a moment after its commit. What other kinds take is paid for and passed over.
 */
export async function readArchivedPart<K extends LiveKind>(
  table: TownTable,
  townId: string,
  kind: K,
  { limit, after, isNewestFirst = false }: ArchiveQuery,
): Promise<ArchivePart<LiveRecords[K]>> {
  const { items, last } = await table.queryPage(
    'archivedPart',
    {
      where: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { ':pk': townPk(townId), ':prefix': DONE_PREFIX },
      isNewestFirst,
      limit,
    },
    after === undefined ? undefined : doneKey(townId, after),
  );
  const end = last === undefined ? undefined : String(last['sk']).slice(DONE_PREFIX.length);
  return { records: recordsOf(kind, items), end };
}

/** The index follows the commit by a moment. */
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
    limit: Number.POSITIVE_INFINITY,
  });
  return recordsOf(kind, items);
}

const recordsOf = <K extends LiveKind>(kind: K, items: readonly Item[]): LiveRecords[K][] =>
  items.filter((item) => item['kind'] === kind).map((item) => recordOf(kind, item));

function recordOf<K extends LiveKind>(kind: K, item: Item): LiveRecords[K] {
  const { kind: _, ...record } = item;
  return parseRecord(kind, record);
}
