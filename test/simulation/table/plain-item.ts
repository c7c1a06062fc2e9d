import { invalid } from './invalid.ts';

/** An item as the document client takes and gives it. Those of the model are frozen: who changes one finds out. */
export type PlainItem = Readonly<Record<string, unknown>>;

/** Source: DynamoDB developer guide, "Data types": 1E-130 to 9.99E+125. */
const SMALLEST = 1e-130;

/**
 * A frozen copy without links to the caller's value.
 * @throws Error for undefined, which the document client does not take unless it is told to, and for numbers that it or the service
 * refuses
 */
export function frozenCopy(value: unknown): unknown {
  if (value === undefined)
    throw new Error('Pass options.removeUndefinedValues=true to remove undefined values');
  if (typeof value === 'number') return storable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) copy[name] = frozenCopy((value as PlainItem)[name]);
  return Object.freeze(copy);
}

function storable(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new Error(`Number ${value} is greater than Number.MAX_SAFE_INTEGER. Use NumberValue.`);
  if (value !== 0 && Math.abs(value) < SMALLEST) {
    const text = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
    throw invalid(text);
  }
  // The service knows one zero.
  return value === 0 ? 0 : value;
}

/** Items never change, so their sizes do not. */
const sizes = new WeakMap<PlainItem, number>();

/** Bytes of an item. Source: DynamoDB developer guide, "Item sizes and formats". */
export function sizeOf(item: PlainItem): number {
  const known = sizes.get(item);
  if (known !== undefined) return known;
  const bytes = sizeOfMembers(item);
  sizes.set(item, bytes);
  return bytes;
}

function sizeOfMembers(item: PlainItem): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += utf8(name) + sizeOfValue(item[name]);
  return bytes;
}

function sizeOfValue(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return utf8(value);
    case 'number':
      return sizeOfNumber(value);
    case 'object': {
      if (value === null) return 1;
      if (value instanceof Uint8Array) return value.length;
      if (value instanceof Set)
        return [...value].reduce((sum: number, member) => sum + sizeOfValue(member), 0);
      // Containers: 3 bytes, and 1 for each element.
      if (Array.isArray(value)) {
        return value.reduce((sum: number, member: unknown) => sum + 1 + sizeOfValue(member), 3);
      }
      return 3 + Object.keys(value).length + sizeOfMembers(value as PlainItem);
    }
    default:
      return 1;
  }
}

const utf8 = (text: string): number => Buffer.byteLength(text);

/** About one byte for two significant digits, and one; one more when negative. */
function sizeOfNumber(value: number): number {
  const [mantissa = ''] = String(value).toLowerCase().split('e');
  const digits = mantissa.replaceAll(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.min(21, Math.ceil(digits.length / 2) + 1 + (value < 0 ? 1 : 0));
}

/** An item as the low-level client gives it: what stands in the reasons of a cancelled transaction. */
export const toAttributes = (item: PlainItem): Record<string, object> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(value)]));

function toAttribute(value: unknown): object {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Uint8Array) return { B: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (typeof value === 'object' && value !== null) return { M: toAttributes(value as PlainItem) };
  return { NULL: true };
}
