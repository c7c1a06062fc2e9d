import { setTimeout as sleep } from 'node:timers/promises';

export interface PollOptions {
  readonly everyMs: number;
  readonly limitMs: number;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Asks until there is an answer. @returns undefined when there is none in time */
export async function poll<Found>(
  ask: () => Promise<Found | undefined>,
  { everyMs, limitMs, signal }: PollOptions,
): Promise<Found | undefined> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined || performance.now() + everyMs > end) return found;
    await sleep(everyMs, undefined, { signal });
  }
}
