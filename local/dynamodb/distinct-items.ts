import { dynalite } from './dynalite.ts';
import { itemPrefix } from './keyspace.ts';
import { ServiceError } from './service-error.ts';
import type { Item, Table } from './wire.ts';

/** The items of one request, each of which may be named once. */
export class DistinctItems {
  readonly #keys = new Set<string>();
  readonly #refusal: string;

  /** `refusal` is what the ValidationException says about the second mention of an item. */
  constructor(refusal: string) {
    this.#refusal = refusal;
  }

  /** Throws ServiceError for a second mention, and for a key that does not fit its table. */
  add({ table, primaryKey }: { readonly table: Table; readonly primaryKey: Item }): void {
    const invalid = dynalite.validateKey(primaryKey, table);
    if (invalid) throw ServiceError.from(invalid);
    const key = itemPrefix(table.TableName) + dynalite.createKey(primaryKey, table);
    if (this.#keys.has(key)) throw ServiceError.validation(this.#refusal);
    this.#keys.add(key);
  }
}
