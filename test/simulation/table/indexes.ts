import { DONE_INDEX, DUE_INDEX } from '../../../lambdas/adapters/dynamodb/table.ts';
import { Partition } from './partition.ts';
import type { PlainItem } from './plain-item.ts';
import type { IndexView } from './units.ts';

type Name = typeof DUE_INDEX | typeof DONE_INDEX;

const ATTRIBUTES = {
  [DUE_INDEX]: { hash: 'duePk', range: 'dueAt', isKeysOnly: true },
  [DONE_INDEX]: { hash: 'donePk', range: 'doneAt', isKeysOnly: false },
} as const;

/** Digits of the largest safe integer: as text, times sort like numbers. */
const DIGITS = 16;

/** The two indexes of the table: eventually consistent, so they may be a while behind. */
export class Indexes {
  readonly views: readonly IndexView[] = ([DUE_INDEX, DONE_INDEX] as const).map((name) => ({
    key: (item) => placeOf(name, item)?.join(' '),
    entry: (item) => entryOf(name, item),
  }));
  readonly #now: () => number;
  readonly #delayMs: (() => number) | undefined;
  readonly #partitions = new Map<string, Partition>();
  #pending: { at: number; apply: () => void }[] = [];

  constructor(now: () => number, delayMs: (() => number) | undefined) {
    this.#now = now;
    this.#delayMs = delayMs;
  }

  partition(name: Name, hash: string): Partition | undefined {
    this.#catchUp();
    return this.#partitions.get(`${name} ${hash}`);
  }

  /** Where an item stands in the table (undefined) or in an index. */
  sortKey(name: string | undefined, item: PlainItem): string {
    const place = name === DUE_INDEX || name === DONE_INDEX ? placeOf(name, item)?.[1] : undefined;
    return place ?? String(item['sk']);
  }

  change(before: PlainItem | undefined, after: PlainItem | undefined): void {
    const apply = (): void => {
      for (const name of [DUE_INDEX, DONE_INDEX] as const) this.#move(name, before, after);
    };
    const delayMs = this.#delayMs?.() ?? 0;
    if (delayMs === 0 && this.#pending.length === 0) return apply();
    this.#catchUp();
    // In the order of the writes: an index never forgets the later one.
    const at = Math.max(this.#now() + delayMs, this.#pending.at(-1)?.at ?? 0);
    this.#pending.push({ at, apply });
  }

  #catchUp(): void {
    const now = this.#now();
    while (this.#pending[0] !== undefined && this.#pending[0].at <= now) this.#pending.shift()?.apply();
  }

  #move(name: Name, before: PlainItem | undefined, after: PlainItem | undefined): void {
    const [oldPlace, newPlace] = [before, after].map((item) => item && placeOf(name, item));
    if (oldPlace !== undefined) this.#partitionAt(name, oldPlace[0]).delete(oldPlace[1]);
    if (newPlace !== undefined && after !== undefined)
      this.#partitionAt(name, newPlace[0]).set(newPlace[1], entryOf(name, after));
  }

  #partitionAt(name: Name, hash: string): Partition {
    const key = `${name} ${hash}`;
    const partition = this.#partitions.get(key) ?? new Partition();
    this.#partitions.set(key, partition);
    return partition;
  }
}

/** An item is in an index when it has both of its keys. Items of the same time stand in the order of their own keys. */
function placeOf(name: Name, item: PlainItem): readonly [hash: string, sort: string] | undefined {
  const { hash, range } = ATTRIBUTES[name];
  const [hashValue, rangeValue] = [item[hash], item[range]];
  if (typeof hashValue !== 'string' || typeof rangeValue !== 'number') return undefined;
  return [
    hashValue,
    `${String(rangeValue).padStart(DIGITS, '0')} ${String(item['pk'])} ${String(item['sk'])}`,
  ];
}

function entryOf(name: Name, item: PlainItem): PlainItem {
  const { hash, range, isKeysOnly } = ATTRIBUTES[name];
  if (!isKeysOnly) return item;
  return { pk: item['pk'], sk: item['sk'], [hash]: item[hash], [range]: item[range] };
}
