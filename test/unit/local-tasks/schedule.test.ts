import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { every } from '../../../local/schedule.ts';

const within = { timeout: 5_000, interval: 5 };

test('runs once at start, then at each interval, and goes on after an error', async () => {
  const startsMs: number[] = [];
  const errors: unknown[] = [];
  const beganMs = performance.now();
  const schedule = every(
    60,
    () => {
      startsMs.push(performance.now() - beganMs);
      throw new Error(`run ${startsMs.length}`);
    },
    (error) => errors.push(error),
  );
  await vi.waitFor(() => expect(startsMs).toHaveLength(4), within);
  await schedule.stop();
  expect(startsMs[0]).toBeLessThan(50);
  expect(startsMs[3]).toBeGreaterThan(170);
  expect(errors).toEqual([1, 2, 3, 4].map((run) => new Error(`run ${run}`)));
  await sleep(100);
  expect(startsMs).toHaveLength(4);
});

test('a slow run is never overlapped: the ticks that it covers are skipped', async () => {
  const log: string[] = [];
  const schedule = every(
    50,
    async () => {
      log.push('begin');
      await sleep(120);
      log.push('end');
    },
    () => {},
  );
  await vi.waitFor(() => expect(log).toHaveLength(6), within);
  await schedule.stop();
  expect(log).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
});

test('stop waits for the running one, and before the first run prevents it', async () => {
  let ended = 0;
  const fn = async (): Promise<void> => {
    await sleep(80);
    ended += 1;
  };
  const schedule = every(1_000, fn, () => {});
  await sleep(10);
  await schedule.stop();
  expect(ended).toBe(1);
  await every(1_000, fn, () => {}).stop();
  expect(ended).toBe(1);
  expect(() => every(0, fn, () => {})).toThrow(RangeError);
});
