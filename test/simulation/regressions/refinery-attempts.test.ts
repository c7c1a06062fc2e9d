import { expect, test } from 'vitest';
import { assertQuiet, World } from '../../unit/core/world.ts';
import { bead, town } from '../../unit/core/town-builder.ts';

/** #1342: a reviewer that never gave a verdict was dispatched for ever. */
test('a review that never ends in a verdict is tried five times, then its bead is worked on again, five times', () => {
  const world = new World(town({ beads: [bead('a')] }), {
    agent: ({ work }) => (work.kind === 'review' ? 'exit' : undefined),
  });
  world.run();
  assertQuiet(world);
  const [a] = world.archive.filter(({ kind }) => kind === 'bead');
  expect(a?.record).toMatchObject({ status: 'failed', failure: { code: 'max_dispatch_attempts' } });
  expect(world.history.filter((entry) => entry.kind === 'attempt' && entry.role === 'refinery')).toHaveLength(
    25,
  );
});
