import type { Range } from './dynalite-types.ts';

/** Where things stand in the one LevelDB. The first three are dynalite's names; no table name contains a `~`. */
export const tablePrefix = 'table~';
export const itemPrefix = (table: string): string => `item-${table}~`;
export const indexPrefix = (kind: string, table: string, index: string): string =>
  `index-${kind.toLowerCase()}~${table}~${index}~`;
export const indexesPrefix = (kind: 'local' | 'global', table: string): string => `index-${kind}~${table}~`;
export const settingsPrefix = 'settings~';
export const tokenPrefix = 'transaction-token~';

/** Above every key that follows a prefix: keys go on with hexadecimal digits, names or UUIDs, in ASCII. */
const ABOVE_ASCII = '\u00ff';

/** The keys that begin with a prefix. */
export function rangeOf(prefix: string): Range {
  return { gte: prefix, lt: prefix + ABOVE_ASCII };
}

/** A range relative to a prefix, made absolute; an open end stops at the prefix's end. */
export function within(prefix: string, range: Range): Range {
  const { gt, gte, lt, lte, ...rest } = range;
  const whole = rangeOf(prefix);
  const lower = gte ? { gte: prefix + gte } : gt ? { gt: prefix + gt } : { gte: prefix };
  const upper = lte ? { lte: prefix + lte } : lt ? { lt: prefix + lt } : whole.lt ? { lt: whole.lt } : {};
  return { ...rest, ...lower, ...upper };
}
