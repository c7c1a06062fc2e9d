import { expect, test } from 'vitest';
import { assertQuiet, World } from '../../unit/core/world.ts';
import { bead, town } from '../../unit/core/town-builder.ts';

/**
 * Found by seed 30001 and others: a review that could not be paid for lost its trial merge with the container, whose loss asked for a
 * new check, which started a container, for ever.
 */
test('a merge request whose review may not be paid for waits without a container, and goes on when it may', () => {
  const of = town({
    beads: [bead('a')],
    config: { rev: 1, budgets: { bead: { softTokens: 10, hardTokens: 1000 } } },
  });
  const world = new World(of);
  world.run();
  expect(world.town.container.state).toBe('absent');
  const epochs = world.town.container.epoch;
  expect([...world.town.live.mergeRequest.values()].map(({ stage }) => stage)).toEqual(['queued']);
  expect(epochs).toBeLessThanOrEqual(2);
  const { config } = world.town;
  world.town = {
    ...world.town,
    config: { ...config, budgets: { bead: { softTokens: 500, hardTokens: 1000 } } },
  };
  world.setLifecycle('active');
  world.run();
  assertQuiet(world);
  expect(world.archive.map(({ kind }) => kind)).toContain('bead');
});
