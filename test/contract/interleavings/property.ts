import * as fc from 'fast-check';
import type { TownStore } from '../../../core/ports.ts';
import { SimulationFailure } from '../../simulation/checks/failure.ts';
import { check } from './check.ts';
import type { Tally } from './kept.ts';
import { drawnBy, inTurn } from './order.ts';
import { Scene, type Wish } from './scene.ts';

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create') }) },
  // Who loses a race here pauses, in real time.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('createTwice') }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('cancel'),
      nth: fc.nat(7),
      as: fc.constantFrom('closed', 'failed'),
    }),
  },
);
/** Rounds before the town's beads have landed and its task is over. */
const MOST_ROUNDS = 10;

/**
 * Some quiet rounds, two or three in which all happens at once, and then quiet until nothing is left to do.
 * @param only the one promise that is looked at
 */
export function interleavings(open: () => TownStore, tally: Tally, only?: string) {
  return fc.asyncProperty(
    fc.scheduler(),
    fc.nat(MOST_ROUNDS),
    fc.array(fc.array(wish, { maxLength: 3 }), { minLength: 2, maxLength: 3 }),
    async (scheduler, before, rounds) => {
      const store = open();
      try {
        const scene = await new Scene(store, tally).begin();
        for (let nth = 0; nth < before; nth += 1) await scene.round(inTurn, 1);
        for (const wishes of rounds) await scene.round(drawnBy(scheduler), 2, wishes);
        await scene.settle();
        await check(scene, store);
      } catch (error) {
        if (only === undefined || (error instanceof SimulationFailure && error.promise === only)) throw error;
      }
    },
  );
}
