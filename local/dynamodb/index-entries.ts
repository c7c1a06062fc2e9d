import { dynalite } from './dynalite.ts';
import { ServiceError } from './service-error.ts';
import type { Item, SecondaryIndex, Table } from './wire.ts';

/** An item as it stands in an index (projected), or undefined when it lacks one of the index's keys. */
export function indexEntry(
  index: SecondaryIndex,
  table: Table,
  item: Item,
): { readonly key: string; readonly item: Item } | undefined {
  const entry = dynalite.getIndexActions([index], undefined, item, table).puts[0];
  if (!entry) return undefined;
  // A projected attribute that the item lacks comes as undefined.
  const present = Object.entries(entry.item).filter(([, value]) => value !== undefined);
  return { key: entry.key, item: Object.fromEntries(present) };
}

/**
 * dynalite tells index entries with equal index keys apart by 24 bits of a hash of the item's key: among thousands of items
 * with one index key two would soon share an entry. The item's key behind it makes the entry's key unique, in the same order.
 */
export function uniqueIndexKey(dynaliteKey: string, table: Table, primaryKey: Item): string {
  return dynaliteKey + dynalite.createKey(primaryKey, table);
}

/** Index keys may not be empty; dynalite does not look. Source: PutItem of the API reference. */
export function emptyIndexKeyError(table: Table, item: Item): ServiceError | undefined {
  for (const index of [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])]) {
    for (const { AttributeName } of index.KeySchema) {
      const value = item[AttributeName];
      if (value?.S !== '' && value?.B !== '') continue;
      return ServiceError.validation(
        'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
          'The AttributeValue for a key attribute cannot contain an empty string value. ' +
          `IndexName: ${index.IndexName}, IndexKey: ${AttributeName}`,
      );
    }
  }
  return undefined;
}
