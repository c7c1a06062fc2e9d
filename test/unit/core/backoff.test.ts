import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../core/effects.ts';
import {
  containerRestartMs,
  dispatchCooldownMs,
  jobRetryMs,
  landingCooldownMs,
} from '../../../core/rules/backoff.ts';

/** Seconds after 1, 2, 3 … failures. */
test.each([
  { of: dispatchCooldownMs, seconds: [30, 60, 120, 300, 600, 600, 600] },
  { of: jobRetryMs, seconds: [5, 10, 20, 40, 80, 120, 120] },
  { of: containerRestartMs, seconds: [0, 30, 60, 120, 300, 600, 600] },
  { of: landingCooldownMs, seconds: [60, 120, 240, 480, 960, 1800, 1800] },
  { of: retryDelayMs, seconds: [2, 4, 8, 16, 32, 60, 60] },
])('$of.name', ({ of, seconds }) => {
  expect(seconds.map((_, index) => of(index + 1) / 1000)).toEqual(seconds);
  expect(of(1000)).toBe((seconds.at(-1) ?? 0) * 1000);
});

test('before the first attempt the shortest pause holds', () => {
  expect([dispatchCooldownMs(0), dispatchCooldownMs(-1), containerRestartMs(0)]).toEqual([30_000, 30_000, 0]);
});
