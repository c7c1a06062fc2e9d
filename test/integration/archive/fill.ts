import type { RecordLine } from '../../../core/move/file-format.ts';
import type { Ended } from '../../../core/town/ended.ts';
import { createImportStore } from '../../../lambdas/adapters/dynamodb/imports.ts';
import { ensureTable } from '../../../lambdas/adapters/dynamodb/table.ts';
import { newBead } from '../../../lambdas/api/new-bead.ts';
import { getTable, openDatabase, readAll, type Database } from '../../../local/dynamodb/database.ts';
import type { BatchOperation } from '../../../local/dynamodb/dynalite-types.ts';
import { dynalite } from '../../../local/dynamodb/dynalite.ts';
import { indexEntry, uniqueIndexKey } from '../../../local/dynamodb/index-entries.ts';
import { indexPrefix, itemPrefix, rangeOf } from '../../../local/dynamodb/keyspace.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { primaryKeyOf, type Item, type Table } from '../../../local/dynamodb/wire.ts';
import { documentClient, embeddedDynamoDb } from '../../../local/embedded-clients.ts';

const ENDED_AT = Date.UTC(2025, 0, 1);
/** Items of one write. */
const BATCH = 2000;

/** A town's archive that is to be. */
export interface Archive {
  readonly townId: string;
  readonly rigId: string;
  readonly beads: number;
}

/** Id of the ended bead with this number: older than all that a test makes, and in the order of numbers. */
export const endedId = (number: number): string =>
  `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

const FAILED_ONE_IN = 1000;
export const isFailed = (number: number): boolean => number % FAILED_ONE_IN === FAILED_ONE_IN - 1;

/** What the head of a town says of its archive. */
export function endedCounts(beads: number): Ended {
  const beadsFailed = Math.floor(beads / FAILED_ONE_IN);
  return { beadsClosed: beads - beadsFailed, beadsFailed, convoysLanded: 0 };
}

/**
 * Makes a database of ended beads in a directory. The first bead of a town goes the way of every record; the others are written
 * beside it as copies, since the server takes half a minute for so many.
 */
export async function fill(path: string, tableName: string, archives: readonly Archive[]): Promise<void> {
  const server = await startEmbeddedDynamoDb({ path });
  const raw = embeddedDynamoDb(server.endpoint);
  await ensureTable(raw, tableName);
  const imports = createImportStore({ client: documentClient(raw), tableName });
  for (const { townId, rigId } of archives) await imports.writeLines(townId, [firstLine(rigId)]);
  raw.destroy();
  await server.close();

  const database = await openDatabase(path);
  const table = await getTable(database, tableName);
  const firsts: Item[] = [];
  for await (const item of readAll(database.level.values(rangeOf(itemPrefix(tableName)))))
    firsts.push(item as Item);
  for (const { townId, beads } of archives) {
    const first = firsts.find(({ pk }) => pk?.S === `TOWN#${townId}`);
    if (first !== undefined) await copy(database, table, first, beads);
  }
  await database.level.close();
}

function firstLine(rigId: string): RecordLine {
  const made = newBead({ id: endedId(0), rigId, title: 'Task 0', createdBy: 'ann' }, undefined, ENDED_AT);
  const record = { ...made, status: 'closed' as const, closedAt: ENDED_AT };
  return { section: 'archived', kind: 'bead', endedAt: ENDED_AT, record };
}

async function copy({ level }: Database, table: Table, first: Item, count: number): Promise<void> {
  for (let from = 1; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index);
    await level.batch(numbers.flatMap((number) => entriesOf(table, numbered(first, number, count))));
  }
}

const numbered = (first: Item, number: number, count: number): Item => ({
  ...first,
  sk: { S: `DONE#${endedId(number)}` },
  id: { S: endedId(number) },
  title: { S: `Task ${number}` },
  status: { S: isFailed(number) ? 'failed' : 'closed' },
  // They did not end in the order in which they were made.
  doneAt: { N: String(ENDED_AT + ((number * 7919) % count)) },
});

function entriesOf(table: Table, item: Item): BatchOperation[] {
  const primaryKey = primaryKeyOf(table, item);
  const key = dynalite.createKey(primaryKey, table);
  const ofIndexes = (table.GlobalSecondaryIndexes ?? []).flatMap((index) => {
    const entry = indexEntry(index, table, item);
    if (entry === undefined) return [];
    const prefix = indexPrefix('global', table.TableName, index.IndexName);
    return [{ key: prefix + uniqueIndexKey(entry.key, table, primaryKey), value: entry.item }];
  });
  return [{ key: itemPrefix(table.TableName) + key, value: item }, ...ofIndexes].map((entry) => ({
    type: 'put',
    ...entry,
  }));
}
