import type { PlainItem } from './plain-item.ts';
import { sizeOf } from './plain-item.ts';

/** Request units with AWS's rounding. Source: DynamoDB developer guide, "Read and write capacity". */

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

export const readUnitsOf = (bytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) / (isConsistent ? 1 : 2);

const writeUnitsOf = (item: PlainItem | undefined): number =>
  item === undefined ? 0 : Math.ceil(sizeOf(item) / WRITE_UNIT_BYTES);

/** What an index keeps of an item; undefined: it is not in the index. */
export interface IndexView {
  readonly key: (item: PlainItem) => string | undefined;
  readonly entry: (item: PlainItem) => PlainItem;
}

/** Units of one write: the larger of before and after, twice in a transaction, and what it does to the indexes. */
export function unitsOfWrite(
  before: PlainItem | undefined,
  after: PlainItem | undefined,
  indexes: readonly IndexView[],
  isTransactional: boolean,
): number {
  const own = Math.max(1, writeUnitsOf(before), writeUnitsOf(after)) * (isTransactional ? 2 : 1);
  return indexes.reduce((sum, index) => sum + unitsOfIndex(before, after, index), own);
}

/** An entry that moves is deleted and put; one whose attributes stay as they were costs nothing. */
function unitsOfIndex(
  before: PlainItem | undefined,
  after: PlainItem | undefined,
  { key, entry }: IndexView,
): number {
  const oldKey = before && key(before);
  const newKey = after && key(after);
  const old = before !== undefined && oldKey !== undefined ? entry(before) : undefined;
  const fresh = after !== undefined && newKey !== undefined ? entry(after) : undefined;
  if (old === undefined || fresh === undefined) return writeUnitsOf(old ?? fresh);
  if (oldKey !== newKey) return writeUnitsOf(old) + writeUnitsOf(fresh);
  return JSON.stringify(old) === JSON.stringify(fresh) ? 0 : Math.max(writeUnitsOf(old), writeUnitsOf(fresh));
}
