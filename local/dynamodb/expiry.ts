import { dynalite } from './dynalite.ts';
import type { Cursor } from './dynalite-types.ts';
import { getItem, getTable, listTableNames, readAll, type Database } from './database.ts';
import { validate } from './dynalite-actions.ts';
import { itemPrefix, rangeOf } from './keyspace.ts';
import type { WriteLock } from './lock.ts';
import { stageWrite } from './staged-write.ts';
import { timeToLiveAttribute } from './table-settings.ts';
import type { TransactionTokens } from './transaction-tokens.ts';
import { primaryKeyOf, type Item, type Table } from './wire.ts';
import { WriteBatch } from './write-batch.ts';

/** Items that one sweep looks at in a table; the next sweep goes on behind them. */
const MAX_ITEMS_PER_SWEEP = 20_000;
/** Items that are deleted while other writers wait. */
const DELETES_PER_BATCH = 50;
/** Older times are taken for a mistake and never expire. Source: "Using time to live" of the developer guide. */
const OLDEST_EXPIRY_SECONDS = 5 * 365 * 24 * 3600;

/** Deletes items whose time to live is over, and forgets the client tokens of old transactions. */
export class Expiry {
  readonly #database: Database;
  readonly #lock: WriteLock;
  readonly #tokens: TransactionTokens;
  /** By table: the key behind which the next sweep begins. */
  readonly #cursors = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(database: Database, lock: WriteLock, tokens: TransactionTokens) {
    this.#database = database;
    this.#lock = lock;
    this.#tokens = tokens;
  }

  /** Sweeps `intervalMs` after the end of the last sweep. A failed sweep is done again by the next one. */
  start(intervalMs: number): void {
    this.#timer = setTimeout(() => {
      this.#sweeping = this.#sweepAndGoOn(intervalMs);
    }, intervalMs);
    this.#timer.unref();
  }

  async #sweepAndGoOn(intervalMs: number): Promise<void> {
    await this.sweep().catch(() => undefined);
    if (!this.#isStopped) this.start(intervalMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
  }

  async sweep(): Promise<void> {
    await this.#lock.run(async () => {
      const batch = new WriteBatch();
      this.#tokens.forgetExpired(batch);
      await batch.commit(this.#database.level);
    });
    for (const name of await listTableNames(this.#database)) {
      const attribute = await timeToLiveAttribute(this.#database, name);
      if (attribute !== undefined && !this.#isStopped) await this.#sweepTable(name, attribute);
    }
  }

  async #sweepTable(name: string, attribute: string): Promise<void> {
    const table = await getTable(this.#database, name);
    const expired = await this.#findExpired(table, attribute);
    for (let first = 0; first < expired.length && !this.#isStopped; first += DELETES_PER_BATCH) {
      const some = expired.slice(first, first + DELETES_PER_BATCH);
      await this.#lock.run(() => this.#deleteExpired(table, attribute, some));
    }
  }

  /** Primary keys of expired items in the next part of the table. */
  async #findExpired(table: Table, attribute: string): Promise<Item[]> {
    const range = rangeOf(itemPrefix(table.TableName));
    const start = this.#cursors.get(table.TableName);
    const { gte: _, ...openRange } = range;
    const expired: Item[] = [];
    let seen = 0;
    this.#cursors.delete(table.TableName);
    // What stands under an item key is an item.
    const entries = this.#database.level.iterator(
      start === undefined ? range : { ...openRange, gt: start },
    ) as Cursor<[string, Item]>;
    for await (const [key, item] of readAll(entries)) {
      if (isExpired(item, attribute)) expired.push(primaryKeyOf(table, item));
      seen += 1;
      if (seen >= MAX_ITEMS_PER_SWEEP) {
        this.#cursors.set(table.TableName, key);
        break;
      }
    }
    return expired;
  }

  async #deleteExpired(table: Table, attribute: string, primaryKeys: readonly Item[]): Promise<void> {
    const batch = new WriteBatch();
    for (const primaryKey of primaryKeys) {
      // It may have been written, or its table deleted, since it was found.
      const item = await getItem(this.#database, table, dynalite.createKey(primaryKey, table));
      if (!item || !isExpired(item, attribute)) continue;
      const request = validate('DeleteItem', { TableName: table.TableName, Key: primaryKey });
      await stageWrite(this.#database, batch, { action: 'DeleteItem', table, primaryKey, request });
    }
    await batch.commit(this.#database.level);
  }
}

function isExpired(item: Item, attribute: string): boolean {
  const expiresAtSeconds = Number(item[attribute]?.N ?? Number.NaN);
  const nowSeconds = Date.now() / 1000;
  return expiresAtSeconds <= nowSeconds && expiresAtSeconds > nowSeconds - OLDEST_EXPIRY_SECONDS;
}
