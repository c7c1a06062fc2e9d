import { minutes, seconds } from '../town/instant.ts';

/** Wait before the next attempt after `attempts` made ones: 30 s, 1, 2, 5, then 10 minutes (the reference's table). */
export function dispatchCooldownMs(attempts: number): number {
  const table = [seconds(30), seconds(30), minutes(1), minutes(2), minutes(5)];
  return table[Math.max(0, attempts)] ?? minutes(10);
}

/**
 * Wait before a job that failed is tried again: 5, 10, 20 … at most 120 s. There is no last try: a remote or a disk that
 * fails is no fault of the work, which goes on when it is back.
 */
export const jobRetryMs = (errors: number): number => Math.min(seconds(5) * 2 ** (errors - 1), seconds(120));

/** Failures in a row of something outside after which people should look. */
export const LOOK_AFTER = 5;

/** Wait before the next task after `failures` in a row: none after the first, then 30 s, 1, 2, 5, 10 minutes. */
export const containerRestartMs = (failures: number): number =>
  failures <= 1 ? 0 : dispatchCooldownMs(failures - 1);

/** Wait before a landing is tried again: 2^attempts × 30 s, at most 30 minutes (the reference's). */
export const landingCooldownMs = (attempts: number): number =>
  Math.min(2 ** attempts * seconds(30), minutes(30));
