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
  #moments: Moment[] = [];
  #order = 0;

  constructor(now: Instant) {
    this.now = now;
  }

  /** @param ms from now */
  after(ms: number, act: Act, { isSchedule = false }: { isSchedule?: boolean } = {}): void {
    this.#order += 1;
    this.#moments.push({ at: this.now + ms, order: this.#order, act, isSchedule });
  }

  /** Is anything to come but schedules? */
  get isQuiet(): boolean {
    return this.#moments.every(({ isSchedule }) => isSchedule);
  }

  async next(): Promise<void> {
    let first = this.#moments[0];
    for (const moment of this.#moments) {
      if (
        first === undefined ||
        moment.at < first.at ||
        (moment.at === first.at && moment.order < first.order)
      )
        first = moment;
    }
    if (first === undefined) throw new Error('nothing is to come');
    this.#moments.splice(this.#moments.indexOf(first), 1);
    this.now = Math.max(this.now, first.at);
    await first.act();
  }
}
