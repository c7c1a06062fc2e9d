import { setTimeout as sleepInRealTime } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  type AttributeValue,
  type ConsumedCapacity,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { TooLarge } from '../../../core/errors.ts';
import type { Item } from './items.ts';
import type { Key } from './keys.ts';
import { isTransientReason, raise, unavailable } from './store-errors.ts';
import { conditionOf, namesIn, transactItem, updateOf, type Write } from './writes.ts';

/** Request units of one call, as the service counted them. Failed calls are not counted: their answer does not say. */
export type OnCapacity = (operation: string, units: { read: number; write: number }) => void;

export interface TownTableOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly onCapacity?: OnCapacity | undefined;
  /** How a pause between two tries passes, in milliseconds. @default real time */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
}

interface Query {
  readonly index?: string;
  /** Key condition; names are written `#name`. */
  readonly where: string;
  readonly values: Item;
  readonly isNewestFirst?: boolean;
  /** Stop after so many items. */
  readonly limit: number;
}

/** What became of a transaction. */
export type TransactResult =
  | { readonly state: 'written' }
  /** Another transaction was writing one of the items. */
  | { readonly state: 'conflict'; readonly cause: unknown }
  /** Conditions that did not hold, by the place of the write; for the first one with the item as it stands. */
  | {
      readonly state: 'refused';
      readonly refusals: ReadonlyMap<number, Record<string, AttributeValue> | undefined>;
      readonly cause: unknown;
    };

/** Source: quotas of TransactWriteItems and BatchGetItem. */
export const MAX_TRANSACTION_ITEMS = 100;
const MAX_BATCH_GET = 100;

/** A page is at most 1 MiB; a live range or an answer beyond this is not read to its end, but refused. */
const MAX_PAGES = 64;
/** Design section 4: tries of a write that met a transaction. */
const CONFLICT_RETRIES = 5;
const BATCH_RETRIES = 5;
const CAPACITY = { ReturnConsumedCapacity: 'TOTAL' } as const;

/**
 * The table with the few operations that the store needs. Reads are strong unless they use an index. Every method throws
 * `Unavailable` when the service is throttling, slow or not reachable.
 */
export class TownTable {
  readonly name: string;
  readonly #client: DynamoDBDocumentClient;
  readonly #onCapacity: OnCapacity | undefined;
  readonly #sleep: (ms: number) => Promise<unknown>;

  constructor({ client, tableName, onCapacity, sleep = sleepInRealTime }: TownTableOptions) {
    this.name = tableName;
    this.#client = client;
    this.#onCapacity = onCapacity;
    this.#sleep = sleep;
  }

  async get(operation: string, key: Key): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: this.name, Key: key, ConsistentRead: true, ...CAPACITY });
    const { Item, ConsumedCapacity } = await this.#client.send(command).catch(raise);
    this.#count(operation, 'read', [ConsumedCapacity]);
    return Item;
  }

  /** Items that are there, in no order. */
  async getMany(operation: string, keys: readonly Key[]): Promise<Item[]> {
    const found: Item[] = [];
    for (let from = 0; from < keys.length; from += MAX_BATCH_GET) {
      let pending: Item[] = keys.slice(from, from + MAX_BATCH_GET);
      for (let attempt = 0; pending.length > 0; attempt += 1) {
        if (attempt > BATCH_RETRIES) throw unavailable(undefined);
        if (attempt > 0) await this.#pause(attempt);
        const RequestItems = { [this.name]: { Keys: pending, ConsistentRead: true } };
        const command = new BatchGetCommand({ RequestItems, ...CAPACITY });
        const answer = await this.#client.send(command).catch(raise);
        this.#count(operation, 'read', answer.ConsumedCapacity);
        found.push(...(answer.Responses?.[this.name] ?? []));
        pending = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
      }
    }
    return found;
  }

  async query(operation: string, query: Query): Promise<Item[]> {
    const found: Item[] = [];
    let start: Item | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const rest = query.limit - found.length;
      const { items, last } = await this.queryPage(operation, { ...query, limit: rest }, start);
      found.push(...items);
      start = last;
      if (start === undefined || found.length >= query.limit) return found;
    }
    throw new TooLarge(`What ${operation} reads has grown beyond ${MAX_PAGES} pages.`);
  }

  /**
   * One page of a query: 1 MiB at most.
   * @param after the key behind which it begins
   * @returns `last`: the key behind which there may be more; undefined: there is nothing more
   */
  async queryPage(
    operation: string,
    { index, where, values, isNewestFirst = false, limit }: Query,
    after: Item | undefined,
  ): Promise<{ items: Item[]; last: Item | undefined }> {
    const command = new QueryCommand({
      TableName: this.name,
      KeyConditionExpression: where,
      ExpressionAttributeNames: namesIn(where),
      ExpressionAttributeValues: values,
      ScanIndexForward: !isNewestFirst,
      ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
      ...(Number.isFinite(limit) ? { Limit: limit } : {}),
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
      ...CAPACITY,
    });
    const { Items, LastEvaluatedKey, ConsumedCapacity } = await this.#client.send(command).catch(raise);
    this.#count(operation, 'read', [ConsumedCapacity]);
    return { items: Items ?? [], last: LastEvaluatedKey };
  }

  /** One write. False: its condition did not hold. */
  async write(operation: string, write: Write): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { ConsumedCapacity } = await this.#sendWrite(write);
        this.#count(operation, 'write', [ConsumedCapacity]);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        if (!(error instanceof TransactionConflictException)) raise(error);
        if (attempt > CONFLICT_RETRIES) throw unavailable(error);
        await this.#pause(attempt);
      }
    }
  }

  /**
   * All writes or none. The SDK gives the call a client request token and repeats it with the same one when the answer was
   * lost, so a transaction that happened is reported as written (for ten minutes, far longer than the SDK's retries).
   * @throws TooLarge for more than 100 writes, which is a mistake of the caller.
   */
  async transact(operation: string, writes: readonly Write[]): Promise<TransactResult> {
    if (writes.length > MAX_TRANSACTION_ITEMS) {
      const count = `${writes.length} items; ${MAX_TRANSACTION_ITEMS} is the most`;
      throw new TooLarge(`What is to be written together (${operation}) has ${count}.`);
    }
    const TransactItems = writes.map((write, place) => transactItem(this.name, write, place === 0));
    try {
      const answer = await this.#client.send(new TransactWriteCommand({ TransactItems, ...CAPACITY }));
      this.#count(operation, 'write', answer.ConsumedCapacity);
      return { state: 'written' };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) raise(error);
      return whyCancelled(error);
    }
  }

  /** `transact`, again with jitter while it meets other transactions. Throws `Unavailable` when it keeps meeting them. */
  async transactPatiently(
    operation: string,
    writes: readonly Write[],
  ): Promise<Exclude<TransactResult, { state: 'conflict' }>> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.transact(operation, writes);
      if (result.state !== 'conflict') return result;
      if (attempt > CONFLICT_RETRIES) throw unavailable(result.cause);
      await this.#pause(attempt);
    }
  }

  /** Full jitter: writers that met once should not meet again. */
  #pause(attempt: number): Promise<unknown> {
    return this.#sleep(Math.random() * Math.min(25 * 2 ** attempt, 400));
  }

  #sendWrite(write: Write): Promise<{ ConsumedCapacity?: ConsumedCapacity | undefined }> {
    const TableName = this.name;
    switch (write.op) {
      case 'put':
        return this.#client.send(
          new PutCommand({ TableName, Item: write.item, ...conditionOf(write), ...CAPACITY }),
        );
      case 'update':
        return this.#client.send(
          new UpdateCommand({ TableName, Key: write.key, ...updateOf(write), ...CAPACITY }),
        );
      case 'delete':
        return this.#client.send(
          new DeleteCommand({ TableName, Key: write.key, ...conditionOf(write), ...CAPACITY }),
        );
    }
  }

  #count(
    operation: string,
    kind: 'read' | 'write',
    used: readonly (ConsumedCapacity | undefined)[] = [],
  ): void {
    const units = used.reduce((sum, capacity) => sum + (capacity?.CapacityUnits ?? 0), 0);
    this.#onCapacity?.(operation, { read: 0, write: 0, [kind]: units });
  }
}

/** The first write is the town's head by convention of the callers: if its condition failed, nothing else matters. */
function whyCancelled(error: TransactionCanceledException): TransactResult {
  const reasons = error.CancellationReasons ?? [];
  const refusals = new Map(
    reasons.flatMap(({ Code, Item }, place) =>
      Code === 'ConditionalCheckFailed' ? [[place, Item] as const] : [],
    ),
  );
  const isRefused = refusals.size > 0;
  if (refusals.has(0)) return { state: 'refused', refusals, cause: error };
  if (reasons.some(({ Code }) => Code === 'TransactionConflict')) return { state: 'conflict', cause: error };
  if (reasons.some(({ Code }) => isTransientReason(Code))) throw unavailable(error);
  if (isRefused) return { state: 'refused', refusals, cause: error };
  throw error;
}
