import * as z from 'zod';
import {
  consumedCapacity,
  returnConsumedCapacity,
  writeUsage,
  type ItemChange,
  type Usage,
} from './capacity.ts';
import { getTable, type Database } from './database.ts';
import { DistinctItems } from './distinct-items.ts';
import { validate } from './dynalite-actions.ts';
import type { WriteLock } from './lock.ts';
import { ServiceError } from './service-error.ts';
import { stageWrite, type ItemWrite, type WriteAction } from './staged-write.ts';
import { primaryKeyOf, type Body, type Item, type Table } from './wire.ts';
import { WriteBatch } from './write-batch.ts';

/** Source: BatchWriteItem of the API reference. */
const MAX_BATCH_WRITES = 25;

const writeOptions = z.object({
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnValuesOnConditionCheckFailure: z.enum(['ALL_OLD', 'NONE']).optional().catch(undefined),
});

/** PutItem, UpdateItem, DeleteItem: the item and its index entries change together. */
export async function writeItem(
  database: Database,
  lock: WriteLock,
  action: WriteAction,
  body: Body,
): Promise<Body> {
  const options = writeOptions.parse(body);
  const request = validate(action, body);
  return lock.run(async () => {
    const table = await getTable(database, request.TableName);
    const batch = new WriteBatch();
    const staged = await stageWrite(database, batch, {
      action,
      table,
      primaryKey: keyOf(table, action, request),
      request,
    });
    if (staged.kind === 'refused') {
      const showsItem =
        options.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' &&
        staged.error.shortName === 'ConditionalCheckFailedException' &&
        staged.before;
      throw showsItem ? staged.error.with({ Item: staged.before }) : staged.error;
    }
    await batch.commit(database.level);
    const usage = (): Usage => writeUsage(staged.change, { isTransactional: false });
    return {
      ...staged.answer,
      ConsumedCapacity: consumedCapacity(options.ReturnConsumedCapacity, () => [usage()])?.[0],
    };
  });
}

/** The primary key that a validated request writes to. Throws ServiceError when a put lacks it. */
export function keyOf(table: Table, action: WriteAction | 'ConditionCheck', request: Body): Item {
  // Validated by dynalite: attribute values by name. A put is checked by its action as a whole item.
  return action === 'PutItem' ? primaryKeyOf(table, request['Item'] as Item) : (request['Key'] as Item);
}

const batchRequest = z.object({
  ReturnConsumedCapacity: returnConsumedCapacity,
  RequestItems: z.record(
    z.string(),
    z.array(
      z.union([
        z.object({ PutRequest: z.object({ Item: z.record(z.string(), z.unknown()) }) }),
        z.object({ DeleteRequest: z.object({ Key: z.record(z.string(), z.unknown()) }) }),
      ]),
    ),
  ),
});

/** All of a batch or nothing: DynamoDB promises less, and a caller that relies on less is served. */
export async function batchWriteItem(database: Database, lock: WriteLock, body: Body): Promise<Body> {
  const { RequestItems, ReturnConsumedCapacity } = batchRequest.parse(validate('BatchWriteItem', body));
  const writes = Object.entries(RequestItems).flatMap(([TableName, requests]) =>
    requests.map((request) =>
      'PutRequest' in request
        ? { action: 'PutItem' as const, request: { TableName, Item: request.PutRequest.Item } }
        : { action: 'DeleteItem' as const, request: { TableName, Key: request.DeleteRequest.Key } },
    ),
  );
  if (writes.length > MAX_BATCH_WRITES) {
    throw ServiceError.validation('Too many items requested for the BatchWriteItem call');
  }
  return lock.run(async () => {
    const batch = new WriteBatch();
    const changes: ItemChange[] = [];
    const written = new DistinctItems('Provided list of item keys contains duplicates');
    for (const { action, request } of writes) {
      const table = await getTable(database, request.TableName);
      const write: ItemWrite = { action, table, primaryKey: keyOf(table, action, request), request };
      written.add(write);
      const staged = await stageWrite(database, batch, write);
      if (staged.kind === 'refused') throw staged.error;
      changes.push(staged.change);
    }
    await batch.commit(database.level);
    const usages = (): Usage[] => changes.map((change) => writeUsage(change, { isTransactional: false }));
    return { UnprocessedItems: {}, ConsumedCapacity: consumedCapacity(ReturnConsumedCapacity, usages) };
  });
}
