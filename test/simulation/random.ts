import { createRandom } from '../contract/loop/virtual-time.ts';

/** Choices from random numbers that are the same for the same seed and name: one more choice elsewhere changes none of these. */
export class Choices {
  readonly #random: () => number;

  constructor(seed: number, name: string) {
    let mixed = seed >>> 0;
    for (const char of name) mixed = (Math.imul(mixed ^ char.charCodeAt(0), 0x01000193) >>> 0) + 1;
    this.#random = createRandom(mixed);
  }

  /** From 0, below 1. */
  number(): number {
    return this.#random();
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** @throws Error for an empty list */
  one<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.#random() * list.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  /** Undefined for an empty list. */
  maybeOne<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : this.one(list);
  }
}
