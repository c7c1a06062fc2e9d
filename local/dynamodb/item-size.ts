import { ServiceError } from './service-error.ts';
import type { AttributeValue, Item } from './wire.ts';

/** Source: DynamoDB developer guide, "Item sizes and formats" and "Quotas". */
export const MAX_ITEM_BYTES = 400 * 1024;

/** Source: TransactWriteItems and TransactGetItems of the API reference. */
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** Size of an item in bytes: attribute names in UTF-8 and their values. dynalite counts UTF-16 units, which is too few. */
export function itemSizeBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueSizeBytes(value);
  return bytes;
}

function valueSizeBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSizeBytes(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.SS !== undefined) return sum(value.SS, (text) => Buffer.byteLength(text));
  if (value.NS !== undefined) return sum(value.NS, numberSizeBytes);
  if (value.BS !== undefined) return sum(value.BS, (base64) => Buffer.byteLength(base64, 'base64'));
  // Containers: 3 bytes, and 1 for each element.
  if (value.L !== undefined) return 3 + sum(value.L, (element) => 1 + valueSizeBytes(element));
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSizeBytes(value.M);
  return 1;
}

/** About one byte for two significant digits, and one; one more when negative. */
function numberSizeBytes(text: string): number {
  const [mantissa = ''] = text.toLowerCase().split('e');
  const digits = mantissa.replace(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.min(21, Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0));
}

function sum<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}

/** Throws ServiceError when the items of one transaction are too much together. */
export function assertTransactionSize(items: readonly (Item | undefined)[]): void {
  if (sum(items, (item) => (item ? itemSizeBytes(item) : 0)) <= MAX_TRANSACTION_BYTES) return;
  throw ServiceError.validation('The aggregate size of the items in the transaction exceeds 4 MB');
}
