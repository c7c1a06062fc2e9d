import { expect, test } from 'vitest';
import { assertQuiet, ending, World } from '../../unit/core/world.ts';
import { DEMO_ENDING, demoTown } from '../../unit/core/stories/demo.ts';

/** #2374: a convoy that reviews first and lands then waited for a pull request that direct merges never make. */
test('a convoy on a plain remote lands without a pull request', () => {
  const world = new World(demoTown());
  world.run();
  assertQuiet(world);
  expect(ending(world)).toEqual(DEMO_ENDING);
});
