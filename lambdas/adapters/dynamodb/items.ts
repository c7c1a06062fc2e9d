import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { CorruptItem } from './store-errors.ts';
import type { Key } from './keys.ts';

/** An item as the SDK gives and takes it: plain values by attribute. */
export type Item = Record<string, unknown>;

/** Attributes to write. Those that are in neither list stay as they are, whoever wrote them. */
export interface Update {
  readonly set?: Item;
  readonly remove?: readonly string[];
  readonly add?: Readonly<Record<string, number>>;
}

function isPlainObject(value: unknown): value is Item {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A copy without undefined members, which DynamoDB has no word for. */
function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((member) => (member === undefined ? null : storable(member)));
  if (!isPlainObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, storable(member)]));
}

export const toItem = (record: object): Item => storable({ ...record }) as Item;

/** What the store itself adds to a record's attributes. */
const STORAGE_ATTRIBUTES = new Set(['pk', 'sk', 'duePk', 'donePk', 'doneAt']);

/** Every item that is read passes here: a loop is several times faster than going over its entries. */
export function withoutStorage(item: Item): Item {
  const rest: Item = {};
  for (const name of Object.keys(item)) if (!STORAGE_ATTRIBUTES.has(name)) rest[name] = item[name];
  return rest;
}

const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

/**
 * A stored item as its type. Attributes that the schema does not know are kept at the top, as a loose schema does.
 * @throws CorruptItem when it does not parse.
 */
export function parseStored<T>(schema: z.ZodType<T>, item: Item): T {
  const { success, data, error } = schema.safeParse(withoutStorage(item));
  if (!success) throw new CorruptItem(keyOf(item), error);
  return data;
}

/** `parsed` with the members that its schema did not know, however deep: newer code may have written them. */
export function withUnknown<T>(parsed: T, raw: unknown): T {
  if (Array.isArray(parsed) && Array.isArray(raw)) {
    const members = parsed.map((member: unknown, index) => withUnknown(member, raw[index]));
    return members.every((member, index) => member === parsed[index]) ? parsed : (members as T);
  }
  if (!isPlainObject(parsed) || !isPlainObject(raw)) return parsed;
  // Mostly there is nothing unknown, and then there is nothing to copy.
  let whole: Item = parsed;
  const change = (name: string, value: unknown): void => {
    if (whole === parsed) whole = { ...parsed };
    whole[name] = value;
  };
  for (const name of Object.keys(parsed)) {
    const member = withUnknown(parsed[name], raw[name]);
    if (member !== parsed[name]) change(name, member);
  }
  for (const name of Object.keys(raw)) if (!Object.hasOwn(parsed, name)) change(name, raw[name]);
  return whole as T;
}

/**
 * The top-level attributes that differ; undefined: none.
 * @param known only these are removed: what this code does not know, it does not take away.
 */
export function difference(before: object, after: object, known: ReadonlySet<string>): Update | undefined {
  const old = toItem(before);
  const next = toItem(after);
  const changed = Object.entries(next).filter(([name, value]) => !isDeepStrictEqual(value, old[name]));
  const remove = Object.keys(old).filter((name) => known.has(name) && !Object.hasOwn(next, name));
  return changed.length + remove.length === 0 ? undefined : { set: Object.fromEntries(changed), remove };
}
