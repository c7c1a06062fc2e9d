import * as z from 'zod';
import { consumedCapacity, readUnits, returnConsumedCapacity, type Usage } from './capacity.ts';
import { getTable, type Database } from './database.ts';
import { validate } from './dynalite-actions.ts';
import { itemSizeBytes } from './item-size.ts';
import { runRead } from './read-view.ts';
import type { Body, Item } from './wire.ts';

const readOptions = z.object({
  ConsistentRead: z.boolean().default(false),
  IndexName: z.string().optional(),
  ReturnConsumedCapacity: returnConsumedCapacity,
});

export async function getItem(database: Database, body: Body): Promise<Body> {
  const request = validate('GetItem', body);
  const table = await getTable(database, request.TableName);
  const options = readOptions.parse(request);
  const { answer, itemsRead } = await runRead(
    database,
    'GetItem',
    request,
    new Map([[table.TableName, table]]),
  );
  const [item] = itemsRead.get(table.TableName) ?? [];
  const usage = (): Usage => tableUsage(table.TableName, readUnits(sizeOf(item), options.ConsistentRead));
  return {
    ...answer,
    ConsumedCapacity: consumedCapacity(options.ReturnConsumedCapacity, () => [usage()])?.[0],
  };
}

const batchOptions = z.object({
  RequestItems: z.record(z.string(), z.object({ ConsistentRead: z.boolean().default(false) })),
  ReturnConsumedCapacity: returnConsumedCapacity,
});

/** Each item is rounded up by itself. */
export async function batchGetItem(database: Database, body: Body): Promise<Body> {
  const request = validate('BatchGetItem', body);
  const options = batchOptions.parse(request);
  const requests = Object.entries(options.RequestItems);
  const tables = await Promise.all(requests.map(([name]) => getTable(database, name)));
  const byName = new Map(tables.map((table) => [table.TableName, table]));
  const { answer, itemsRead } = await runRead(database, 'BatchGetItem', request, byName);
  const usages = (): Usage[] =>
    requests.map(([name, { ConsistentRead }]) => {
      const units = (itemsRead.get(name) ?? []).map((item) => readUnits(sizeOf(item), ConsistentRead));
      return tableUsage(
        name,
        units.reduce((total, each) => total + each, 0),
      );
    });
  return { ...answer, ConsumedCapacity: consumedCapacity(options.ReturnConsumedCapacity, usages) };
}

const page = z.object({ ScannedCount: z.number() });

/** The items of a page are rounded up together, whatever a filter leaves of them. */
export async function readPage(database: Database, name: 'Query' | 'Scan', body: Body): Promise<Body> {
  const request = validate(name, body);
  const table = await getTable(database, request.TableName);
  const options = readOptions.parse(request);
  const { answer, itemsRead } = await runRead(database, name, request, new Map([[table.TableName, table]]));
  if (options.ReturnConsumedCapacity === undefined) return answer;
  const scanned = (itemsRead.get(table.TableName) ?? []).slice(0, page.parse(answer).ScannedCount);
  const bytes = scanned.reduce((total, item) => total + sizeOf(item), 0);
  const units = readUnits(bytes, options.ConsistentRead);
  const usage =
    options.IndexName === undefined
      ? tableUsage(table.TableName, units)
      : { tableName: table.TableName, tableUnits: 0, indexUnits: { [options.IndexName]: units } };
  return {
    ...answer,
    ConsumedCapacity: consumedCapacity(options.ReturnConsumedCapacity, () => [usage])?.[0],
  };
}

function sizeOf(item: Item | undefined): number {
  return item ? itemSizeBytes(item) : 0;
}

function tableUsage(tableName: string, tableUnits: number): Usage {
  return { tableName, tableUnits, indexUnits: {} };
}
