import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { DONE_INDEX, DUE_INDEX } from '../../../lambdas/adapters/dynamodb/table.ts';
import { Indexes } from './indexes.ts';
import { compile, type Placeholders } from './expression.ts';
import { Load } from './load.ts';
import { Partition } from './partition.ts';
import { frozenCopy, sizeOf, type PlainItem } from './plain-item.ts';
import { pageOf, type PageRequest } from './query-page.ts';
import { invalid } from './invalid.ts';
import { cancelled, conditionFailed, conflictOfOne, throttled, timedOut } from './service-errors.ts';
import { readUnitsOf, unitsOfWrite } from './units.ts';
import { updated } from './update-expression.ts';

/**
 * What goes wrong with a call: `throttled` and `conflict` did nothing; `ambiguous` was carried out, but the caller hears of a time-out;
 * `partial`: a batch is answered in part.
 */
export type TableFault = 'throttled' | 'ambiguous' | 'conflict' | 'partial';

/** A call of the client: `number` counts all from 1. */
export interface TableCall {
  readonly number: number;
  readonly command: string;
  readonly isWrite: boolean;
}

export interface ModelTableOptions {
  /** Virtual time. @default it stands still */
  readonly now?: () => number;
  readonly fault?: (call: TableCall) => TableFault | undefined;
  /** Bytes of a page; DynamoDB's are 1 MiB. A small one tears reads apart. */
  readonly pageBytes?: number;
  /** How long the indexes are behind. @default 0 */
  readonly indexDelayMs?: () => number;
}

/** Source: quotas of DynamoDB. */
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_TRANSACTION_ITEMS = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
const PAGE_BYTES = 1024 * 1024;

type Input = Readonly<Record<string, unknown>>;
interface Write {
  readonly op: 'put' | 'update' | 'delete';
  readonly pk: string;
  readonly sk: string;
  readonly input: Input;
}
interface Change {
  readonly pk: string;
  readonly sk: string;
  readonly before: PlainItem | undefined;
  readonly after: PlainItem | undefined;
}

/** The table in memory. What is done is done in one go: two calls never meet half-way, as DynamoDB's do not. */
export class ModelTable {
  readonly client: DynamoDBDocumentClient;
  readonly load: Load;
  /** Request units so far. */
  readonly units = { read: 0, write: 0 };
  calls = 0;
  readonly #options: ModelTableOptions;
  #partitions = new Map<string, Partition>();
  #indexes: Indexes;

  constructor(options: ModelTableOptions = {}) {
    this.#options = options;
    const now = options.now ?? (() => 0);
    this.load = new Load(now);
    this.#indexes = new Indexes(now, options.indexDelayMs);
    const send = (command: object): Promise<unknown> => this.#send(command);
    // All that the store calls.
    this.client = { send } as unknown as DynamoDBDocumentClient;
  }

  /** The items of a partition by sort key, in order. */
  items(pk: string): Map<string, PlainItem> {
    return new Map([...(this.#partitions.get(pk)?.from('') ?? [])].map((item) => [String(item['sk']), item]));
  }

  get partitions(): IterableIterator<string> {
    return this.#partitions.keys();
  }

  /** Writes attributes behind the store's back; undefined removes one. */
  set(pk: string, sk: string, attributes: Readonly<Record<string, unknown>>): void {
    const before = this.#get(pk, sk);
    const merged = Object.entries({ ...before, ...attributes, pk, sk }).filter(
      ([, value]) => value !== undefined,
    );
    this.#apply({ pk, sk, before, after: frozenCopy(Object.fromEntries(merged)) as PlainItem });
  }

  /** All there is, to come back to. */
  snapshot(): () => void {
    const copy = (): Map<string, Partition> =>
      new Map([...this.#partitions].map(([pk, partition]) => [pk, partition.copy()]));
    const kept = copy();
    return () => {
      this.#partitions = new Map([...kept].map(([pk, partition]) => [pk, partition.copy()]));
      this.#indexes = new Indexes(this.#options.now ?? (() => 0), this.#options.indexDelayMs);
      for (const partition of this.#partitions.values())
        for (const item of partition.from('')) this.#indexes.change(undefined, item);
    };
  }

  async #send(command: object): Promise<unknown> {
    this.calls += 1;
    const name = command.constructor.name;
    const isWrite = !(
      command instanceof GetCommand ||
      command instanceof BatchGetCommand ||
      command instanceof QueryCommand
    );
    const fault = this.#options.fault?.({ number: this.calls, command: name, isWrite });
    if (fault === 'throttled') throw throttled();
    if (fault === 'conflict' && command instanceof TransactWriteCommand) {
      const writes = command.input.TransactItems ?? [];
      throw cancelled(writes.map((_, place) => (place === 0 ? { code: 'TransactionConflict' } : undefined)));
    }
    if (fault === 'conflict' && isWrite && !(command instanceof BatchWriteCommand)) throw conflictOfOne();
    const answer = this.#carryOut(command, fault === 'partial');
    if (fault === 'ambiguous') throw timedOut();
    return answer;
  }

  #carryOut(command: object, isPartial: boolean): unknown {
    if (command instanceof GetCommand) return this.#getItem(command.input);
    if (command instanceof BatchGetCommand) return this.#batchGet(command.input, isPartial);
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof BatchWriteCommand) return this.#batchWrite(command.input, isPartial);
    if (command instanceof TransactWriteCommand) return this.#transact(command.input);
    if (command instanceof PutCommand) return this.#write(writeOf('put', command.input));
    if (command instanceof UpdateCommand) return this.#write(writeOf('update', command.input));
    if (command instanceof DeleteCommand) return this.#write(writeOf('delete', command.input));
    throw new Error(`the model does not know ${command.constructor.name}`);
  }

  #getItem(input: Input): unknown {
    const { pk, sk } = keyIn(input['Key']);
    const item = this.#get(pk, sk);
    const units = this.#read(pk, item === undefined ? 0 : sizeOf(item), input['ConsistentRead'] === true);
    return { Item: item, ConsumedCapacity: { CapacityUnits: units } };
  }

  #batchGet(input: Input, isPartial: boolean): unknown {
    const [[tableName, request] = ['', {}]] = Object.entries(input['RequestItems'] as Record<string, Input>);
    const keys = request['Keys'] as Input[];
    const answered = isPartial ? keys.slice(0, Math.floor(keys.length / 2)) : keys;
    let units = 0;
    const found = answered.flatMap((key) => {
      const { pk, sk } = keyIn(key);
      const item = this.#get(pk, sk);
      units += this.#read(pk, item === undefined ? 0 : sizeOf(item), request['ConsistentRead'] === true);
      return item ?? [];
    });
    const rest = keys.slice(answered.length);
    return {
      Responses: { [tableName]: found },
      UnprocessedKeys: rest.length === 0 ? {} : { [tableName]: { ...request, Keys: rest } },
      ConsumedCapacity: [{ CapacityUnits: units }],
    };
  }

  #query(input: Input): unknown {
    const index = input['IndexName'];
    const by = placeholdersIn(input);
    const text = String(input['KeyConditionExpression']);
    const pk = String(by.values[/= (:\w+)/.exec(text)?.[1] ?? '']);
    const partition =
      index === DUE_INDEX || index === DONE_INDEX
        ? this.#indexes.partition(index, pk)
        : this.#partitions.get(pk);
    const request: PageRequest = {
      matches: (item) => compile(text)(item, by),
      from: lowestKey(text, by),
      isNewestFirst: input['ScanIndexForward'] === false,
      limit: Number(input['Limit'] ?? Number.POSITIVE_INFINITY),
      maxBytes: this.#options.pageBytes ?? PAGE_BYTES,
      after: input['ExclusiveStartKey'] as PlainItem | undefined,
      sortKeyOf: (item) => this.#indexes.sortKey(typeof index === 'string' ? index : undefined, item),
    };
    const { items, bytes, lastKey } = pageOf(partition, request);
    const units = this.#read(pk, bytes, input['ConsistentRead'] === true);
    const shown = input['ProjectionExpression'];
    return {
      Items: typeof shown === 'string' ? items.map((item) => projected(item, shown, by)) : items,
      ...(lastKey === undefined ? {} : { LastEvaluatedKey: lastKey }),
      ConsumedCapacity: { CapacityUnits: units },
    };
  }

  #batchWrite(input: Input, isPartial: boolean): unknown {
    const [[tableName, requests] = ['', []]] = Object.entries(
      input['RequestItems'] as Record<string, Input[]>,
    );
    const done = isPartial ? requests.slice(0, Math.floor(requests.length / 2)) : requests;
    let units = 0;
    for (const request of done) {
      const put = request['PutRequest'] as Input | undefined;
      const change = this.#planned(
        put === undefined ? writeOf('delete', request['DeleteRequest'] as Input) : writeOf('put', put),
      );
      units += this.#apply(change);
    }
    const rest = requests.slice(done.length);
    return {
      UnprocessedItems: rest.length === 0 ? {} : { [tableName]: rest },
      ConsumedCapacity: [{ CapacityUnits: units }],
    };
  }

  #write(write: Write): unknown {
    if (!this.#holds(write)) throw conditionFailed();
    return { ConsumedCapacity: { CapacityUnits: this.#apply(this.#planned(write)) } };
  }

  #transact(input: Input): unknown {
    const writes = (input['TransactItems'] as Input[]).map(writeOfTransaction);
    if (writes.length > MAX_TRANSACTION_ITEMS)
      throw invalid('Member must have length less than or equal to 100');
    const keys = new Set(writes.map(({ pk, sk }) => `${pk} ${sk}`));
    if (keys.size < writes.length)
      throw invalid('Transaction request cannot include multiple operations on one item');
    const reasons = writes.map((write) => {
      if (this.#holds(write)) return undefined;
      const showsItem = write.input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
      return { code: 'ConditionalCheckFailed', item: showsItem ? this.#get(write.pk, write.sk) : undefined };
    });
    if (reasons.some((reason) => reason !== undefined)) throw cancelled(reasons);
    const changes = writes.map((write) => this.#planned(write));
    const bytes = changes.reduce((sum, { after }) => sum + (after === undefined ? 0 : sizeOf(after)), 0);
    if (bytes > MAX_TRANSACTION_BYTES)
      throw invalid('The aggregate size of the items in the transaction exceeds 4 MB');
    const units = changes.reduce((sum, change) => sum + this.#apply(change, true), 0);
    return { ConsumedCapacity: [{ CapacityUnits: units }] };
  }

  #holds({ pk, sk, input }: Write): boolean {
    const condition = input['ConditionExpression'];
    if (typeof condition !== 'string') return true;
    return compile(condition)(this.#get(pk, sk) ?? {}, placeholdersIn(input));
  }

  #planned({ op, pk, sk, input }: Write): Change {
    const before = this.#get(pk, sk);
    const after = ((): PlainItem | undefined => {
      switch (op) {
        case 'put':
          return frozenCopy(input['Item']) as PlainItem;
        case 'delete':
          return undefined;
        case 'update':
          return updated(before ?? { pk, sk }, String(input['UpdateExpression']), placeholdersIn(input));
      }
    })();
    if (after !== undefined && sizeOf(after) > MAX_ITEM_BYTES)
      throw invalid('Item size has exceeded the maximum allowed size');
    return { pk, sk, before, after };
  }

  #apply({ pk, sk, before, after }: Change, isTransactional = false): number {
    const partition = this.#partitions.get(pk) ?? new Partition();
    this.#partitions.set(pk, partition);
    if (after === undefined) partition.delete(sk);
    else partition.set(sk, after);
    if (partition.size === 0) this.#partitions.delete(pk);
    this.#indexes.change(before, after);
    const units = unitsOfWrite(before, after, this.#indexes.views, isTransactional);
    this.units.write += units;
    this.load.write(pk, units, isTransactional);
    return units;
  }

  #get(pk: string, sk: string): PlainItem | undefined {
    return this.#partitions.get(pk)?.get(sk);
  }

  #read(pk: string, bytes: number, isConsistent: boolean): number {
    const units = readUnitsOf(bytes, isConsistent);
    this.units.read += units;
    this.load.read(pk, units);
    return units;
  }
}

export const createModelTable = (options?: ModelTableOptions): ModelTable => new ModelTable(options);

const keyIn = (key: unknown): { pk: string; sk: string } => {
  const { pk, sk } = key as { pk?: unknown; sk?: unknown };
  if (typeof pk !== 'string' || typeof sk !== 'string' || pk === '' || sk === '')
    throw invalid('One or more parameter values were invalid: keys are texts that are not empty');
  return { pk, sk };
};

const writeOf = (op: Write['op'], input: Input): Write => ({
  op,
  ...keyIn(op === 'put' ? input['Item'] : input['Key']),
  input,
});

function writeOfTransaction(item: Input): Write {
  for (const [name, op] of [
    ['Put', 'put'],
    ['Update', 'update'],
    ['Delete', 'delete'],
  ] as const) {
    const input = item[name];
    if (input !== undefined) return writeOf(op, input as Input);
  }
  throw new Error(`the model does not know ${Object.keys(item).join()}`);
}

const placeholdersIn = (input: Input): Placeholders => ({
  names: (input['ExpressionAttributeNames'] ?? {}) as Record<string, string>,
  values: (input['ExpressionAttributeValues'] ?? {}) as PlainItem,
});

/** The lower end of the sort keys that a key condition asks for; empty: it has none. */
function lowestKey(text: string, { values }: Placeholders): string {
  const name = /\bsk BETWEEN (:\w+)/.exec(text)?.[1] ?? /begins_with\(#?sk, (:\w+)\)/.exec(text)?.[1];
  return name === undefined ? '' : String(values[name]);
}

const projected = (item: PlainItem, expression: string, { names }: Placeholders): PlainItem =>
  Object.fromEntries(
    expression.split(',').flatMap((token) => {
      const name = names[token.trim()] ?? token.trim();
      return name in item ? [[name, item[name]]] : [];
    }),
  );
