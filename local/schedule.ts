import { settledWithin } from './bounded-wait.ts';

/** Longest time that `stop` waits for a run that has begun. */
const STOP_TIMEOUT_MS = 10_000;

export interface Schedule {
  /** No further run begins; waits for the running one, at most 10 s. */
  stop(): Promise<void>;
}

/**
 * The stand-in for a scheduled rule: runs `fn` once at start and then every `intervalMs`. Runs never overlap: a tick that
 * comes while `fn` still runs is skipped. What `fn` throws goes to `onError` and the schedule goes on.
 */
export function every(
  intervalMs: number,
  fn: () => Promise<void> | void,
  onError: (error: unknown) => void,
): Schedule {
  if (!(intervalMs > 0)) {
    throw new RangeError(`intervalMs must be positive, not ${intervalMs}`);
  }
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const firstTickMs = performance.now();
  let tick = 0;
  let running = run();

  async function run(): Promise<void> {
    // The caller gets its handle before the first run begins, so `fn` may refer to it.
    await Promise.resolve();
    if (isStopped) {
      return;
    }
    try {
      await fn();
    } catch (error) {
      onError(error);
    }
    scheduleNext();
  }

  function scheduleNext(): void {
    if (isStopped) {
      return;
    }
    // Ticks are counted from the first, so a slow run shifts no later one. A timer may fire a little early: never the same twice.
    const elapsedMs = performance.now() - firstTickMs;
    tick = Math.max(tick, Math.floor(elapsedMs / intervalMs)) + 1;
    timer = setTimeout(
      () => {
        running = run();
      },
      tick * intervalMs - elapsedMs,
    );
  }

  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await settledWithin(running, STOP_TIMEOUT_MS);
    },
  };
}
