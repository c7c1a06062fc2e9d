import { expect, test } from 'vitest';
import { createClock } from '../../../core/clock.ts';
import { T0 } from './town-builder.ts';

const wait = {
  subject: { kind: 'bead', id: 'a' },
  state: 'waiting',
  waitingOn: 'cooldown',
  rule: 'r',
  reason: 'a pause',
  who: 'town',
} as const;

test.each([
  { sinceMs: 0, durationMs: 0, isPassed: true },
  { sinceMs: -10, durationMs: 10, isPassed: true },
  { sinceMs: -10, durationMs: 9, isPassed: true },
  { sinceMs: -10, durationMs: 11, isPassed: false },
  { sinceMs: 10, durationMs: 0, isPassed: false },
])('$durationMs ms since now $sinceMs ms: passed is $isPassed', ({ sinceMs, durationMs, isPassed }) => {
  const clock = createClock(T0);
  expect(clock.passed(T0 + sinceMs, durationMs, wait)).toBe(isPassed);
  const waits = isPassed ? [] : [{ ...wait, since: T0 + sinceMs, until: T0 + sinceMs + durationMs }];
  expect(clock.waits).toEqual(waits);
  expect(clock.dueAt()).toBe(waits[0]?.until);
});

test('the next due time is the earliest that was asked for; waits for an event have none', () => {
  const clock = createClock(T0);
  expect(clock.dueAt()).toBeUndefined();
  clock.waiting({ ...wait, since: T0 - 5 });
  expect(clock.dueAt()).toBeUndefined();
  for (const durationMs of [300, 100, 200]) clock.passed(T0, durationMs, wait);
  expect(clock.dueAt()).toBe(T0 + 100);
  expect(clock.waits).toHaveLength(4);
});
