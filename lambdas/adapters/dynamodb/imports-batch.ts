import { setTimeout as sleepInRealTime } from 'node:timers/promises';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from './items.ts';
import type { Key } from './keys.ts';
import { raise, unavailable } from './store-errors.ts';
import type { TownTableOptions } from './town-table.ts';

/** Source: quotas of BatchWriteItem; a batch also has at most 16 MB, which items of 400 KB cannot reach. */
const BATCH = 25;
const BATCHES_AT_ONCE = 4;
const TRIES = 8;

export type BatchRequest = { readonly put: Item & Key } | { readonly remove: Key };

/** Writes and deletes items under no condition; what the service had no room for is sent again. @throws Unavailable */
export async function writeBatches(
  options: TownTableOptions,
  operation: string,
  requests: readonly BatchRequest[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(requests.length / BATCH) }, (_, index) =>
    requests.slice(index * BATCH, (index + 1) * BATCH),
  );
  for (let from = 0; from < batches.length; from += BATCHES_AT_ONCE) {
    const together = batches.slice(from, from + BATCHES_AT_ONCE);
    await Promise.all(together.map((batch) => writeBatch(options, operation, batch)));
  }
}

async function writeBatch(
  { client, tableName, onCapacity, sleep = sleepInRealTime }: TownTableOptions,
  operation: string,
  batch: readonly BatchRequest[],
): Promise<void> {
  let pending: NonNullable<BatchWriteCommand['input']['RequestItems']>[string] = batch.map((request) =>
    'put' in request ? { PutRequest: { Item: request.put } } : { DeleteRequest: { Key: request.remove } },
  );
  for (let attempt = 0; pending.length > 0; attempt += 1) {
    if (attempt === TRIES) throw unavailable(undefined);
    if (attempt > 0) await sleep(Math.random() * Math.min(50 * 2 ** attempt, 2000));
    const { UnprocessedItems, ConsumedCapacity = [] } = await client
      .send(
        new BatchWriteCommand({ RequestItems: { [tableName]: pending }, ReturnConsumedCapacity: 'TOTAL' }),
      )
      .catch(raise);
    const write = ConsumedCapacity.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    onCapacity?.(operation, { read: 0, write });
    pending = UnprocessedItems?.[tableName] ?? [];
  }
}
