import { compareText } from './expression.ts';
import type { PlainItem } from './plain-item.ts';

/** The items of one partition in the order of their sort keys. */
export class Partition {
  #keys: string[] = [];
  readonly #items = new Map<string, PlainItem>();

  get(sk: string): PlainItem | undefined {
    return this.#items.get(sk);
  }

  set(sk: string, item: PlainItem): void {
    if (!this.#items.has(sk)) this.#keys.splice(this.#firstFrom(sk), 0, sk);
    this.#items.set(sk, item);
  }

  delete(sk: string): void {
    if (this.#items.delete(sk)) this.#keys.splice(this.#firstFrom(sk), 1);
  }

  get size(): number {
    return this.#items.size;
  }

  /** From the first sort key that is not before `from`, in order. */
  *from(from: string): Generator<PlainItem> {
    for (let at = this.#firstFrom(from); at < this.#keys.length; at += 1) {
      const item = this.#items.get(this.#keys[at] ?? '');
      if (item !== undefined) yield item;
    }
  }

  /** All, the last first. */
  *backwards(): Generator<PlainItem> {
    for (let at = this.#keys.length - 1; at >= 0; at -= 1) {
      const item = this.#items.get(this.#keys[at] ?? '');
      if (item !== undefined) yield item;
    }
  }

  copy(): Partition {
    const other = new Partition();
    other.#keys = [...this.#keys];
    for (const [sk, item] of this.#items) other.#items.set(sk, item);
    return other;
  }

  #firstFrom(sk: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareText(this.#keys[middle] ?? '', sk) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
