import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from './items.ts';
import { raise } from './store-errors.ts';
import type { TownTableOptions } from './town-table.ts';

/** Sort keys from `from` to `to`, both included. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** `~` sorts after everything that ids and numbers are written with. */
export const beginningWith = (prefix: string): Range => ({ from: prefix, to: `${prefix}~` });

/** Items of a partition in the order of their keys, strongly read, page by page: at most 1 MiB is in memory. */
export async function* partitionItems(
  { client, tableName, onCapacity }: TownTableOptions,
  operation: string,
  pk: string,
  { from, to }: Range,
  attributes?: readonly string[],
): AsyncGenerator<Item> {
  let start: Item | undefined;
  do {
    const { Items, LastEvaluatedKey, ConsumedCapacity } = await client
      .send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
          ConsistentRead: true,
          ReturnConsumedCapacity: 'TOTAL',
          ...(attributes === undefined ? {} : { ProjectionExpression: attributes.join(', ') }),
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      )
      .catch(raise);
    onCapacity?.(operation, { read: ConsumedCapacity?.CapacityUnits ?? 0, write: 0 });
    yield* Items ?? [];
    start = LastEvaluatedKey;
  } while (start !== undefined);
}
