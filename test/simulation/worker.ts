import { parentPort, workerData } from 'node:worker_threads';
import { brokenBy } from './minimise.ts';
import { simulate, type Mode } from './simulate.ts';
import { storyOf } from './story/story.ts';
import { count, newTally } from './tally.ts';

/** Seeds of one thread: every `stride`th from `from` up to `to`, not included. */
export interface Share {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly mode: Mode;
}
export type FromWorker =
  | { readonly type: 'tally'; readonly tally: ReturnType<typeof newTally> }
  | { readonly type: 'failed'; readonly seed: number; readonly message: string };

const TELL_EVERY = 20;

async function work({ from, to, stride, mode }: Share): Promise<void> {
  let tally = newTally();
  const port = parentPort;
  const tell = (message: FromWorker): void => port?.postMessage(message, []);
  for (let seed = from; seed < to; seed += stride) {
    const story = storyOf(seed);
    try {
      count(tally, await simulate(story, mode));
    } catch (error) {
      // Told again: what failed once must fail again, or the seed would be worth nothing.
      const again = await brokenBy(story, mode);
      const message = again?.message ?? `only once, not when it was repeated: ${String(error)}`;
      tell({ type: 'failed', seed, message });
    }
    if (tally.seeds >= TELL_EVERY) {
      tell({ type: 'tally', tally });
      tally = newTally();
    }
  }
  tell({ type: 'tally', tally });
}

// It is started with nothing else.
await work(workerData as Share);
