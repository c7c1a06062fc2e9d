import { dynalite } from './dynalite.ts';
import type { Store, SubDatabase, Validated } from './dynalite-types.ts';
import type { ItemChange } from './capacity.ts';
import { getItem, type Database } from './database.ts';
import { runAction } from './dynalite-actions.ts';
import { emptyIndexKeyError, uniqueIndexKey } from './index-entries.ts';
import { itemSizeBytes, MAX_ITEM_BYTES } from './item-size.ts';
import { indexPrefix, itemPrefix } from './keyspace.ts';
import { ServiceError } from './service-error.ts';
import type { Body, Item, Table } from './wire.ts';
import type { WriteBatch } from './write-batch.ts';

export type WriteAction = 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** A write that is ready in the batch, or why it cannot be; `before` is the item as it stood. */
export type StagedWrite =
  | { readonly kind: 'staged'; readonly answer: Body; readonly change: ItemChange }
  | { readonly kind: 'refused'; readonly error: ServiceError; readonly before: Item | undefined };

/** A write of one item whose request was validated. */
export interface ItemWrite {
  readonly action: WriteAction;
  readonly table: Table;
  readonly primaryKey: Item;
  readonly request: Validated;
}

/**
 * Runs dynalite's action on the database as it stands and collects what it writes in the batch. The caller holds the write
 * lock, and has at most one write of an item in a batch. What DynamoDB would refuse is an answer; other failures throw.
 */
export async function stageWrite(
  database: Database,
  batch: WriteBatch,
  write: ItemWrite,
): Promise<StagedWrite> {
  const { action, table, primaryKey, request } = write;
  // Validated by dynalite: attribute values by name.
  const invalid =
    action === 'PutItem'
      ? dynalite.validateItem(request['Item'] as Item, table)
      : dynalite.validateKey(primaryKey, table);
  if (invalid) return refused(invalid, undefined);
  const key = dynalite.createKey(primaryKey, table);
  const before = await getItem(database, table, key);
  const staging = new Staging(database.store, batch, table, primaryKey, before);
  try {
    const answer = await runAction(action, request, () => staging.asStore());
    return { kind: 'staged', answer, change: { table, before, after: staging.after } };
  } catch (error) {
    return refused(error, before);
  }
}

/** Evaluates the condition of a transaction's ConditionCheck. */
export async function stageCheck(database: Database, write: Omit<ItemWrite, 'action'>): Promise<StagedWrite> {
  const { table, primaryKey, request } = write;
  const invalid = dynalite.validateKey(primaryKey, table);
  if (invalid) return refused(invalid, undefined);
  const item = await getItem(database, table, dynalite.createKey(primaryKey, table));
  const failed = dynalite.checkConditional(request, item);
  if (failed) return refused(failed, item);
  return { kind: 'staged', answer: {}, change: { table, before: item, after: item } };
}

function refused(failure: unknown, before: Item | undefined): StagedWrite {
  const error = ServiceError.from(failure);
  if (!(error instanceof ServiceError)) throw error;
  return { kind: 'refused', error, before };
}

/** dynalite's store as the action of one item sees it: the item was read already, and writes go to the batch. */
class Staging {
  after: Item | undefined;
  readonly #base: Store;
  readonly #batch: WriteBatch;
  readonly #table: Table;
  readonly #primaryKey: Item;
  readonly #before: Item | undefined;

  constructor(base: Store, batch: WriteBatch, table: Table, primaryKey: Item, before: Item | undefined) {
    this.#base = base;
    this.#batch = batch;
    this.#table = table;
    this.#primaryKey = primaryKey;
    this.#before = before;
  }

  asStore(): Store {
    return {
      ...this.#base,
      getTable: (_name, checkStatus, done) => {
        if (typeof checkStatus === 'function') checkStatus(undefined, this.#table);
        else done?.(undefined, this.#table);
      },
      getItemDb: (tableName) => this.#items(itemPrefix(tableName)),
      getIndexDb: (kind, tableName, index) => this.#entries(indexPrefix(kind, tableName, index)),
    };
  }

  #items(prefix: string): Partial<SubDatabase> {
    return {
      // The write lock is held: nobody else can be at this item.
      lock: (_key, run) => run((done) => done),
      get: (_key, done) => done(undefined, this.#before),
      put: (key, item, done) => {
        const invalid = this.#storedItemError(item);
        if (invalid) return done(invalid);
        this.after = item;
        this.#batch.put(prefix + key, item);
        return done();
      },
      del: (key, done) => {
        this.#batch.del(prefix + key);
        done();
      },
    };
  }

  #entries(prefix: string): Partial<SubDatabase> {
    const unique = (key: string): string => prefix + uniqueIndexKey(key, this.#table, this.#primaryKey);
    return {
      put: (key, entry, done) => {
        this.#batch.put(unique(key), entry);
        done();
      },
      del: (key, done) => {
        this.#batch.del(unique(key));
        done();
      },
    };
  }

  /** Rules for what is stored that dynalite does not check; said before anything of the request is committed. */
  #storedItemError(item: Item): ServiceError | undefined {
    if (itemSizeBytes(item) > MAX_ITEM_BYTES) {
      return ServiceError.validation('Item size has exceeded the maximum allowed size');
    }
    return emptyIndexKeyError(this.#table, item);
  }
}
