import type * as z from 'zod';
import {
  attemptEntry,
  chatEntry,
  runEntry,
  type HistoryKind,
  type HistoryOf,
} from '../../../core/town/history.ts';
import { parseStored } from './items.ts';
import { attemptPrefix, historyPrefix, townPk } from './keys.ts';
import type { TownTable } from './town-table.ts';

const SCHEMAS: { readonly [K in HistoryKind]: z.ZodType<HistoryOf<K>> } = {
  attempt: attemptEntry.loose(),
  run: runEntry.loose(),
  chat: chatEntry.loose(),
};

/** Entries in the order of their keys (see `historyKey`), or the other way round. */
export async function readHistory<K extends HistoryKind>(
  table: TownTable,
  townId: string,
  kind: K,
  query: {
    readonly limit: number;
    readonly isNewestFirst?: boolean;
    readonly purposeId?: string;
    readonly to?: string;
  },
): Promise<HistoryOf<K>[]> {
  const { limit, isNewestFirst = false, purposeId, to } = query;
  const prefix =
    kind === 'attempt' && purposeId !== undefined ? attemptPrefix(purposeId) : historyPrefix(kind);
  const items = await table.query('history', {
    where: `#pk = :pk AND ${to === undefined ? 'begins_with(#sk, :prefix)' : '#sk BETWEEN :prefix AND :to'}`,
    values: { ':pk': townPk(townId), ':prefix': prefix, ...(to === undefined ? {} : { ':to': prefix + to }) },
    isNewestFirst,
    limit,
  });
  return items.map((item) => parseStored(SCHEMAS[kind], item));
}
