import { consumedCapacity, transactionalReadUnits, type Usage } from './capacity.ts';
import { getTable, type Database } from './database.ts';
import { DistinctItems } from './distinct-items.ts';
import { assertTransactionSize } from './item-size.ts';
import type { WriteLock } from './lock.ts';
import { runRead } from './read-view.ts';
import { parseTransactGet } from './transaction-request.ts';
import type { Body, Item } from './wire.ts';

/** All items as of one moment: nothing is written while they are read. */
export async function transactGetItems(database: Database, lock: WriteLock, body: Body): Promise<Body> {
  const { gets, capacity } = parseTransactGet(body);
  return lock.run(async () => {
    const distinct = new DistinctItems('Transaction request cannot include multiple operations on one item');
    const responses: Body[] = [];
    const usages: Usage[] = [];
    const itemsOfAll: (Item | undefined)[] = [];
    for (const request of gets) {
      const table = await getTable(database, request.TableName);
      const tables = new Map([[table.TableName, table]]);
      const { answer, itemsRead } = await runRead(database, 'GetItem', request, tables);
      // The action has checked the key by now. Validated by dynalite: attribute values by name.
      distinct.add({ table, primaryKey: request['Key'] as Item });
      const [item] = itemsRead.get(table.TableName) ?? [];
      itemsOfAll.push(item);
      responses.push(answer['Item'] === undefined ? {} : { Item: answer['Item'] });
      usages.push({ tableName: table.TableName, tableUnits: transactionalReadUnits(item), indexUnits: {} });
    }
    assertTransactionSize(itemsOfAll);
    return {
      Responses: responses,
      ConsumedCapacity: consumedCapacity(capacity, () => usages, 'ReadCapacityUnits'),
    };
  });
}
