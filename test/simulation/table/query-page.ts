import { compareText } from './expression.ts';
import type { Partition } from './partition.ts';
import { sizeOf, type PlainItem } from './plain-item.ts';

export interface PageRequest {
  readonly matches: (item: PlainItem) => boolean;
  /** The lowest sort key that can match. */
  readonly from: string;
  readonly isNewestFirst: boolean;
  readonly limit: number;
  readonly maxBytes: number;
  /** The last key of the page before. */
  readonly after: PlainItem | undefined;
  readonly sortKeyOf: (item: PlainItem) => string;
}

export interface Page {
  readonly items: PlainItem[];
  readonly bytes: number;
  /** There may be more from here on. */
  readonly lastKey: PlainItem | undefined;
}

/** One page of a query. A page ends behind the item that fills it, whether or not another one follows. */
export function pageOf(partition: Partition | undefined, request: PageRequest): Page {
  const { matches, from, isNewestFirst, limit, maxBytes, after, sortKeyOf } = request;
  const items: PlainItem[] = [];
  let bytes = 0;
  const last = after === undefined ? undefined : sortKeyOf(after);
  const inOrder = isNewestFirst
    ? partition?.backwards()
    : partition?.from(last !== undefined && compareText(last, from) > 0 ? last : from);
  for (const item of inOrder ?? []) {
    if (last !== undefined) {
      const order = compareText(sortKeyOf(item), last);
      if (isNewestFirst ? order >= 0 : order <= 0) continue;
    }
    if (!matches(item)) {
      // Matching items stand together.
      if (items.length > 0) break;
      continue;
    }
    items.push(item);
    bytes += sizeOf(item);
    if (items.length >= limit || bytes >= maxBytes) return { items, bytes, lastKey: item };
  }
  return { items, bytes, lastKey: undefined };
}
