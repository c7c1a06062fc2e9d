import * as z from 'zod';
import { indexEntry } from './index-entries.ts';
import { canonicalJson } from './canonical-json.ts';
import { itemSizeBytes } from './item-size.ts';
import type { Body, Item, SecondaryIndex, Table } from './wire.ts';

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

export const returnConsumedCapacity = z.enum(['INDEXES', 'TOTAL', 'NONE']).optional().catch(undefined);
export type ReturnConsumedCapacity = z.infer<typeof returnConsumedCapacity>;

/** Request units of one operation on one table. */
export interface Usage {
  readonly tableName: string;
  readonly tableUnits: number;
  readonly indexUnits: Readonly<Record<string, number>>;
}

/** What a write did to one item; `before` and `after` are the same object for a condition check. */
export interface ItemChange {
  readonly table: Table;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Read units for bytes that are read together; reading nothing costs what a small item costs. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) / (isConsistent ? 1 : 2);
}

/** Two read units for each 4 KiB of an item, rounded up. Source: DynamoDB developer guide, "Transactional reads". */
export function transactionalReadUnits(item: Item | undefined): number {
  return 2 * readUnits(item ? itemSizeBytes(item) : 0, true);
}

/**
 * Write units of one change. A transaction doubles those of the item ("Transactional writes" of the developer guide). Index
 * entries count once in both: they follow the commit. The guide does not state it for transactions; this is our reading.
 */
export function writeUsage(change: ItemChange, { isTransactional }: { isTransactional: boolean }): Usage {
  const { table, before, after } = change;
  const itemUnits = Math.max(1, writeUnits(before), writeUnits(after));
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const indexUnits: Record<string, number> = {};
  for (const index of before === after ? [] : indexes) {
    const units = indexWriteUnits(index, change);
    if (units > 0) indexUnits[index.IndexName] = units;
  }
  return { tableName: table.TableName, tableUnits: itemUnits * (isTransactional ? 2 : 1), indexUnits };
}

function writeUnits(item: Item | undefined): number {
  return item ? Math.ceil(itemSizeBytes(item) / WRITE_UNIT_BYTES) : 0;
}

/** An entry that moves is deleted and put; one whose projected attributes stay as they were costs nothing. */
function indexWriteUnits(index: SecondaryIndex, { table, before, after }: ItemChange): number {
  const old = before && indexEntry(index, table, before);
  const fresh = after && indexEntry(index, table, after);
  if (!old || !fresh) return writeUnits(old?.item ?? fresh?.item);
  if (old.key !== fresh.key) return writeUnits(old.item) + writeUnits(fresh.item);
  if (canonicalJson(old.item) === canonicalJson(fresh.item)) return 0;
  return Math.max(writeUnits(old.item), writeUnits(fresh.item));
}

/** ConsumedCapacity of an answer: one entry a table, in the order of first use; undefined, and not counted, when it was not asked for. */
export function consumedCapacity(
  asked: ReturnConsumedCapacity,
  countUsages: () => readonly Usage[],
  unit?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): Body[] | undefined {
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return undefined;
  const capacity = (units: number): Body => ({ CapacityUnits: units, ...(unit ? { [unit]: units } : {}) });
  return mergeUsages(countUsages()).map(({ tableName, tableUnits, indexUnits }) => {
    const indexes = Object.entries(indexUnits);
    return {
      TableName: tableName,
      ...capacity(indexes.reduce((total, [, units]) => total + units, tableUnits)),
      ...(asked === 'INDEXES' ? { Table: capacity(tableUnits) } : {}),
      ...(asked === 'INDEXES' && indexes.length > 0
        ? {
            GlobalSecondaryIndexes: Object.fromEntries(
              indexes.map(([name, units]) => [name, capacity(units)]),
            ),
          }
        : {}),
    };
  });
}

/** One usage a table. */
export function mergeUsages(usages: readonly Usage[]): Usage[] {
  const merged = new Map<string, Usage>();
  for (const usage of usages) {
    const sofar = merged.get(usage.tableName);
    const indexUnits: Record<string, number> = { ...sofar?.indexUnits };
    for (const [name, units] of Object.entries(usage.indexUnits))
      indexUnits[name] = (indexUnits[name] ?? 0) + units;
    const tableUnits = (sofar?.tableUnits ?? 0) + usage.tableUnits;
    merged.set(usage.tableName, { tableName: usage.tableName, tableUnits, indexUnits });
  }
  return [...merged.values()];
}
