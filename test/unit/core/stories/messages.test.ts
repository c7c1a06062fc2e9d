import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { seconds } from '../../../../core/town/instant.ts';
import { assertQuiet, ending, World } from '../world.ts';
import { DEMO_ENDING, demoTown } from './demo.ts';

/** Numbers from 0 to 1 (excluded), the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A failing story is long: it is reported as it was found, and its seed tells it again. */
const RUNS = { numRuns: 60, endOnFailure: true, interruptAfterTimeLimit: 20_000 } as const;
const seed = fc.integer();
const sweepEveryMs = fc.integer({ min: seconds(1), max: seconds(60) });

const told = (world: World) => {
  assertQuiet(world.run());
  return { ending: ending(world), merges: world.remote.merges.length };
};
const SAME = { ending: DEMO_ENDING, merges: 4 };

test('messages that are repeated up to three times, late and out of order, change nothing in how the story ends', () => {
  fc.assert(
    fc.property(seed, sweepEveryMs, (from, sweepEveryMs) => {
      const next = random(from);
      const copies = (): number[] =>
        Array.from({ length: 1 + Math.floor(next() * 3) }, () => Math.floor(next() * seconds(20)));
      expect(told(new World(demoTown(), { copies, sweepEveryMs }))).toEqual(SAME);
    }),
    RUNS,
  );
}, 60_000);

test('messages that are lost cost time, never work: the outbox, the observed state and the due time make up for them', () => {
  fc.assert(
    fc.property(
      seed,
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      sweepEveryMs,
      (from, loss, sweepEveryMs) => {
        const next = random(from);
        const copies = (): number[] => (next() < loss ? [] : [Math.floor(next() * seconds(20))]);
        expect(told(new World(demoTown(), { copies, sweepEveryMs }))).toEqual(SAME);
      },
    ),
    RUNS,
  );
}, 60_000);

test('a container that dies at any moment, up to three times, costs attempts at most', () => {
  const death = fc.record({ afterMs: fc.integer({ min: 0, max: seconds(400) }), isSaid: fc.boolean() });
  fc.assert(
    fc.property(fc.array(death, { minLength: 1, maxLength: 3 }), (deaths) => {
      const world = new World(demoTown());
      for (const { afterMs, isSaid } of deaths) world.after(afterMs, () => world.killContainer({ isSaid }));
      expect(told(world)).toEqual(SAME);
    }),
    RUNS,
  );
}, 60_000);
