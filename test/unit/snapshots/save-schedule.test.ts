import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSaveSchedule, type SaveSchedule } from '../../../task-image/snapshots/save-schedule.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const SAVE_MS = 500;

/** A schedule whose saves take a while, and when they began, in milliseconds from now. */
function scheduleWith(outcomes: readonly boolean[] = []): { schedule: SaveSchedule; began: number[] } {
  const began: number[] = [];
  const from = performance.now();
  const save = async (): Promise<boolean> => {
    began.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, SAVE_MS));
    return outcomes[began.length - 1] ?? true;
  };
  return { schedule: createSaveSchedule({ save, gapMs: 15_000, settleMs: 1000 }), began };
}
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test('a change is saved a second later, and no other save begins within 15 s of its end', async () => {
  const { schedule, began } = scheduleWith();
  schedule.changed();
  await pass(2000);
  schedule.changed();
  schedule.changed();
  await pass(60_000);
  expect(began).toEqual([1000, 1000 + SAVE_MS + 15_000]);
});

test('what changes while a save runs is saved by the next one', async () => {
  const { schedule, began } = scheduleWith();
  schedule.changed();
  await pass(1100);
  schedule.changed();
  await pass(60_000);
  expect(began).toHaveLength(2);
});

test('a save that fails is tried three times again, then with the next change', async () => {
  const { schedule, began } = scheduleWith([false, false, false, false, false]);
  schedule.changed();
  await pass(300_000);
  expect(began).toHaveLength(4);
  schedule.changed();
  await pass(2000);
  expect(began).toHaveLength(5);
});

test('the end waits for the save that runs, saves what is last, and nothing is saved after it', async () => {
  const { schedule, began } = scheduleWith();
  schedule.changed();
  await pass(1100);
  schedule.changed();
  const finished = schedule.finish(true);
  await pass(5000);
  await finished;
  expect(began).toHaveLength(2);
  schedule.changed();
  await pass(60_000);
  expect(began).toHaveLength(2);
});

test('a session that is not worth going on with is not saved at its end', async () => {
  const { schedule, began } = scheduleWith();
  schedule.changed();
  await schedule.finish(false);
  await pass(60_000);
  expect(began).toEqual([]);
});
