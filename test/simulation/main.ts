import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { brokenBy, minimise, tell } from './minimise.ts';
import { MODES, type Mode } from './simulate.ts';
import { storyOf } from './story/story.ts';
import { add, newTally, report } from './tally.ts';
import type { FromWorker, Share } from './worker.ts';

/** Failing seeds that are told in full. */
const MOST_TOLD = 5;
const MINIMISE_MS = 60_000;
const MOST_LINES = 60;
const PROGRESS_MS = 5_000;

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run simulate --')
  .usage('$0 [options]\n\nTells stories of whole towns under faults, and checks what must hold.')
  .option('seeds', { type: 'number', default: 200, describe: 'How many stories' })
  .option('from', { type: 'number', default: 1, describe: 'The first seed' })
  .option('mode', {
    choices: [...MODES, 'both'] as const,
    default: 'both' as const,
    describe: 'What is checked',
  })
  .option('workers', { type: 'number', default: Math.min(2, availableParallelism()), describe: 'Threads' })
  .example('$0 --seeds 1 --from 42 --mode liveness', 'repeats one story')
  .check(({ seeds, from, workers }) => {
    for (const [name, value] of Object.entries({ seeds, from, workers }))
      if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1 on`);
    return true;
  })
  .strict()
  .parse();

const modes: readonly Mode[] = options.mode === 'both' ? MODES : [options.mode];
const failed: { seed: number; mode: Mode; message: string }[] = [];
const startedAt = Date.now();
const total = newTally();
const progress = setInterval(() => {
  console.log(`${total.seeds} of ${options.seeds * modes.length} stories, ${failed.length} failed`);
}, PROGRESS_MS);

for (const mode of modes) {
  await Promise.all(Array.from({ length: options.workers }, (_, place) => runShare(mode, place)));
}
clearInterval(progress);

for (const { seed, mode, message } of failed.slice(0, MOST_TOLD)) await explainFailure(seed, mode, message);
console.log(`\n${report(total, Date.now() - startedAt)}`);
console.log(`\n${total.seeds} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

function runShare(mode: Mode, place: number): Promise<void> {
  const { from, seeds, workers } = options;
  const share: Share = { from: from + place, to: from + seeds, stride: workers, mode };
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: share });
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'tally') return add(total, message.tally);
    failed.push({ seed: message.seed, mode, message: message.message });
    console.log(`seed ${message.seed} (${mode}) failed: ${message.message.split('\n', 1)[0]}`);
  });
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

async function explainFailure(seed: number, mode: Mode, message: string): Promise<void> {
  console.log(
    `\nSeed ${seed}: ${message}\n\nRepeat it: npm run simulate -- --seeds 1 --from ${seed} --mode ${mode}`,
  );
  const story = storyOf(seed);
  const failure = await brokenBy(story, mode);
  if (failure === undefined) return;
  const smaller = await minimise(story, mode, failure, { limitMs: MINIMISE_MS });
  console.log(`\nWhat is left when all that is not needed is left out:\n${tell(smaller)}`);
  const history = (await brokenBy(smaller, mode))?.history ?? [];
  const skipped = Math.max(0, history.length - MOST_LINES);
  const before = skipped === 0 ? '' : ` (${skipped} lines before that)`;
  console.log(`\nWhat was decided${before}:\n${history.slice(skipped).join('\n')}`);
}
