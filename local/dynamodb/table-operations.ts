import type { Callback, Store } from './dynalite-types.ts';
import * as z from 'zod';
import { clearTable, listTableNames, type Database } from './database.ts';
import { runAction, validate } from './dynalite-actions.ts';
import type { WriteLock } from './lock.ts';
import type { Body } from './wire.ts';

/**
 * dynalite's actions, but for the clearing of a deleted table: it would read all keys of the database once for each index.
 * The table's own record goes last, so a deletion that a crash interrupts is finished at the next start.
 */
export async function changeTable(
  database: Database,
  lock: WriteLock,
  name: 'CreateTable' | 'DeleteTable' | 'UpdateTable',
  body: Body,
): Promise<Body> {
  const request = validate(name, body);
  return lock.run(() => runAction(name, request, (fail) => clearingStore(database, fail)));
}

function clearingStore(database: Database, fail: (error: unknown) => void): Store {
  const clear = async (table: string, done: Callback): Promise<void> => {
    await clearTable(database, table);
    done();
  };
  return {
    ...database.store,
    deleteItemDb: (table: string, done: Callback) => void clear(table, done).catch(fail),
    deleteIndexDb: (_kind: string, _table: string, _index: string, done: Callback) => done(),
    deleteTagDb: (_table: string, done: Callback) => done(),
  };
}

export async function describeTable(database: Database, body: Body): Promise<Body> {
  return runAction('DescribeTable', validate('DescribeTable', body), () => database.store);
}

const listRequest = z.object({
  ExclusiveStartTableName: z.string().optional(),
  Limit: z.number().default(100),
});

export async function listTables(database: Database, body: Body): Promise<Body> {
  const { ExclusiveStartTableName: start, Limit } = listRequest.parse(validate('ListTables', body));
  const names = (await listTableNames(database)).filter((name) => start === undefined || name > start);
  const page = names.slice(0, Limit);
  return { TableNames: page, ...(names.length > Limit ? { LastEvaluatedTableName: page.at(-1) } : {}) };
}
