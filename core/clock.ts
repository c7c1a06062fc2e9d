import type { Instant } from './town/instant.ts';
import type { Wait } from './wait.ts';

/**
 * The clock remembers what it was asked: when a rule asks whether a time has passed and it has not, the clock keeps that
 * instant and the reason. The earliest is the town's next due time; all of them say why something waits.
 */
export interface Clock {
  readonly now: Instant;
  /** Has `durationMs` passed since `since`? If not, `wait` is kept with its end. */
  passed(since: Instant, durationMs: number, wait: Omit<Wait, 'until' | 'since'>): boolean;
  /** Nothing but an event ends this wait. */
  waiting(wait: Wait): void;
  readonly waits: readonly Wait[];
  /** The earliest instant that was asked for and has not come; undefined: none. */
  dueAt(): Instant | undefined;
}

export function createClock(now: Instant): Clock {
  const waits: Wait[] = [];
  return {
    now,
    waits,
    passed(since, durationMs, wait) {
      const until = since + durationMs;
      if (now >= until) return true;
      waits.push({ ...wait, since, until });
      return false;
    },
    waiting(wait) {
      waits.push(wait);
    },
    dueAt() {
      let earliest: Instant | undefined;
      for (const { until } of waits) {
        if (until !== undefined && (earliest === undefined || until < earliest)) earliest = until;
      }
      return earliest;
    },
  };
}
