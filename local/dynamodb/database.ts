import { dynalite } from './dynalite.ts';
import type { Cursor, Level, Store } from './dynalite-types.ts';
import * as z from 'zod';
import { Conflict } from '../../core/errors.ts';
import { indexesPrefix, itemPrefix, rangeOf, settingsPrefix, tablePrefix } from './keyspace.ts';
import { ServiceError } from './service-error.ts';
import type { Item, Table } from './wire.ts';

/** Another process, or another server of this process, has the data directory open. */
export class DataDirectoryInUse extends Conflict {}

/** Entries that one call into LevelDB brings. */
const CURSOR_BATCH = 64;

/** The LevelDB, and dynalite's store over it for what concerns tables. */
export interface Database {
  readonly level: Level;
  readonly store: Store;
}

/**
 * Opens the database in a directory (made if it is not there), or in memory. A commit reaches the operating system before
 * it is answered: a killed process loses nothing, a power cut may lose the last commits, none in part.
 * Throws DataDirectoryInUse.
 */
export async function openDatabase(path: string | undefined): Promise<Database> {
  const store = dynalite.create({
    ...(path === undefined ? {} : { path }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  const level = store.db;
  try {
    await level.open();
  } catch (cause) {
    if (!isLocked(cause)) throw cause;
    throw new DataDirectoryInUse(
      `another gastown is running on this data directory (${path ?? 'in memory'}); stop it, or choose another directory`,
      { cause },
    );
  }
  const database = { level, store };
  await finishTableChanges(database);
  return database;
}

const openFailure = z.object({ cause: z.object({ code: z.string() }) });
function isLocked(error: unknown): boolean {
  const { data } = openFailure.safeParse(error);
  return data?.cause.code === 'LEVEL_LOCKED';
}

/** Reads entries batch by batch; the cursor is closed however the reading ends (an open one pins a snapshot). */
export async function* readAll<T>(cursor: Cursor<T>): AsyncGenerator<T> {
  try {
    for (;;) {
      const entries = await cursor.nextv(CURSOR_BATCH);
      if (entries.length === 0) return;
      yield* entries;
    }
  } finally {
    await cursor.close();
  }
}

/** An active table. Throws ServiceError (ResourceNotFoundException). */
export async function getTable({ level }: Database, name: string): Promise<Table> {
  // What stands under a table's key is dynalite's own record of it.
  const table = (await level.get(tablePrefix + name)) as Table | undefined;
  if (!table || table.TableStatus === 'CREATING' || table.TableStatus === 'DELETING')
    throw ServiceError.tableNotFound();
  return table;
}

export async function getItem({ level }: Database, table: Table, key: string): Promise<Item | undefined> {
  return (await level.get(itemPrefix(table.TableName) + key)) as Item | undefined;
}

export async function listTableNames({ level }: Database): Promise<string[]> {
  const names: string[] = [];
  for await (const key of readAll(level.keys(rangeOf(tablePrefix))))
    names.push(key.slice(tablePrefix.length));
  return names;
}

/** Removes all entries of a table but its own record. */
export async function clearTable({ level }: Database, name: string): Promise<void> {
  const prefixes = [itemPrefix(name), indexesPrefix('local', name), indexesPrefix('global', name)];
  for (const prefix of prefixes) await level.clear(rangeOf(prefix));
  await level.del(settingsPrefix + name);
}

/** dynalite makes a table in two writes, and deletes it in several: a process may have died in between. */
async function finishTableChanges(database: Database): Promise<void> {
  const { level } = database;
  for (const name of await listTableNames(database)) {
    const table = (await level.get(tablePrefix + name)) as Table;
    switch (table.TableStatus) {
      case 'CREATING':
      case 'UPDATING':
        await level.put(tablePrefix + name, active(table));
        break;
      case 'DELETING':
        await clearTable(database, name);
        await level.del(tablePrefix + name);
        break;
      default:
        break;
    }
  }
}

function active(table: Table): Table {
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
  return { ...table, TableStatus: 'ACTIVE', ...(indexes ? { GlobalSecondaryIndexes: indexes } : {}) };
}
