import type { ArchivePart, ArchiveQuery, TownStore } from '../../core/ports.ts';
import type { LiveKind, LiveRecords } from '../../core/town/town.ts';

/** Reads of one search: what it finds in them, it gives, however much of the archive is left. */
const MOST_READS = 4;
/** Records that are looked at in the first read, at least; each read looks at more, since the one before found too few. */
const FEWEST_AT_ONCE = 100;
const GROWTH = 4;

/**
 * Looks through ended records for those that are asked for, until it has found more than `most`, or has read four times, of
 * which each brings 1 MiB at most.
 * @param query.most as many as are wanted; there may be more in the answer
 */
export async function searchArchive<K extends LiveKind>(
  store: Pick<TownStore, 'archivedPart'>,
  townId: string,
  kind: K,
  query: Omit<ArchiveQuery, 'limit'> & {
    readonly most: number;
    readonly isAskedFor: (record: LiveRecords[K]) => boolean;
  },
): Promise<ArchivePart<LiveRecords[K]>> {
  const { most, isAskedFor, after, isNewestFirst = false } = query;
  const records: LiveRecords[K][] = [];
  let end = after;
  let limit = Math.max(FEWEST_AT_ONCE, most + 1);
  for (let read = 0; read < MOST_READS && records.length <= most; read += 1) {
    const part = await store.archivedPart(townId, kind, { limit, after: end, isNewestFirst });
    records.push(...part.records.filter(isAskedFor));
    end = part.end;
    if (end === undefined) break;
    limit *= GROWTH;
  }
  return { records, end };
}
