import type { Instant } from '../../../core/town/instant.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Act = () => Promise<void> | void;

interface Moment {
  readonly at: Instant;
  readonly order: number;
  readonly act: Act;
  /** Goes on for ever, like a schedule: it alone does not keep a story going. */
  readonly isSchedule: boolean;
}

/** A clock that jumps to the next thing that happens; one thing at a time, each to its end. */
export class VirtualTime {
  now: Instant;
  /** A binary heap: the earliest first, of the same time the one that was asked for first. */
  readonly #moments: Moment[] = [];
  #order = 0;
  #schedules = 0;

  constructor(now: Instant) {
    this.now = now;
  }

  /** @param ms from now */
  after(ms: number, act: Act, { isSchedule = false }: { isSchedule?: boolean } = {}): void {
    this.#order += 1;
    if (isSchedule) this.#schedules += 1;
    this.#add({ at: this.now + ms, order: this.#order, act, isSchedule });
  }

  /** Is nothing to come but schedules? */
  get isQuiet(): boolean {
    return this.#moments.length === this.#schedules;
  }

  async next(): Promise<void> {
    const first = this.#takeFirst();
    if (first === undefined) throw new Error('nothing is to come');
    if (first.isSchedule) this.#schedules -= 1;
    this.now = Math.max(this.now, first.at);
    await first.act();
  }

  #add(moment: Moment): void {
    const heap = this.#moments;
    heap.push(moment);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfEarlier(at, parent)) return;
      at = parent;
    }
  }

  #takeFirst(): Moment | undefined {
    const heap = this.#moments;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; at < heap.length;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isEarlier(heap[right], heap[left]) ? right : left;
      if (!this.#swapIfEarlier(child, at)) return first;
      at = child;
    }
    return first;
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const heap = this.#moments;
    const [lower, upper] = [heap[child], heap[parent]];
    if (lower === undefined || upper === undefined || !isEarlier(lower, upper)) return false;
    heap[parent] = lower;
    heap[child] = upper;
    return true;
  }
}

const isEarlier = (a: Moment | undefined, b: Moment | undefined): boolean =>
  a !== undefined && (b === undefined || a.at < b.at || (a.at === b.at && a.order < b.order));
