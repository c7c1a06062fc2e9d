import { expect, test } from 'vitest';
import { assertQuiet, ending, World } from '../../unit/core/world.ts';
import { bead, town } from '../../unit/core/town-builder.ts';

/** #3047: a statement about a bead that was deleted was applied again and again, and the log filled with "not found". */
test('what is said of a bead that is gone is taken off once, and the rest of the town goes on', () => {
  const world = new World(town({ beads: [bead('gone'), bead('other')] }));
  world.say({ type: 'bead_deleted', beadId: 'gone', by: 'ann' });
  world.say({ type: 'bead_cancelled', beadId: 'gone', as: 'failed', by: 'ann' });
  world.say({ type: 'bead_cancelled', beadId: 'never-was', as: 'failed', by: 'ann' });
  world.run();
  assertQuiet(world);
  expect(ending(world)).toEqual(['bead other closed']);
});
