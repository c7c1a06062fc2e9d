import { minutes } from '../../../core/town/instant.ts';
import { simulate } from '../../simulation/simulate.ts';
import { storyOf } from '../../simulation/story/story.ts';
import type { Goal } from '../goal.ts';
import { benchWorld } from './worlds.ts';

const TOWNS = 100;
const SEEDS = 60;
const TEN_MINUTES_MS = 600_000;
/** A CI machine has two cores, and the simulator two threads. */
const THREADS = 2;

/** How fast the simulator tells stories. */
export const g12: Goal = {
  id: 'G12',
  title: 'The simulator is fast enough to tell ten thousand stories',
  async measure(isQuick) {
    const world = benchWorld();
    const startedAt = performance.now();
    for (let n = 0; n < (isQuick ? 10 : TOWNS); n += 1)
      await world.createBead(await world.createTown(), 'one');
    await world.run(undefined, { maxMoments: 1_000_000 });
    await world.pass(minutes(7 * 24 * 60));
    const ratio = (world.elapsedMs * world.towns.length) / (performance.now() - startedAt);
    const seedsFrom = performance.now();
    const seeds = isQuick ? 10 : SEEDS;
    for (let seed = 1; seed <= seeds; seed += 1) await simulate(storyOf(seed), 'liveness');
    const perSeedMs = (performance.now() - seedsFrom) / seeds;
    return [
      {
        name: 'g12.ratio',
        what: 'virtual by real time of 100 towns that work and then rest for a week',
        value: ratio,
        better: 'more',
        target: 100_000,
        kind: 'speed',
      },
      {
        name: 'g12.seeds',
        what: 'stories under faults in ten minutes, on two threads',
        value: (THREADS * TEN_MINUTES_MS) / perSeedMs,
        better: 'more',
        target: 10_000,
        kind: 'speed',
      },
    ];
  },
};
