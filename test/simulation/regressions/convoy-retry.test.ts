import { expect, test } from 'vitest';
import { assertQuiet, ending, World } from '../../unit/core/world.ts';
import { DEMO_ENDING, demoTown } from '../../unit/core/stories/demo.ts';

/** #3157: retrying a convoy made its beads and branches again, and one branch held another bead's commits. */
test('a convoy that is tried again goes on with the beads and branches that it has', () => {
  let isBroken = true;
  const world = new World(demoTown(), {
    job: (job) =>
      isBroken && job.kind === 'check' && job.target === 'main'
        ? { outcome: 'gate_failed', gate: 'npm test', exitCode: 1, outputTail: 'red' }
        : undefined,
  });
  world.run();
  const [convoy] = world.town.live.convoy.values();
  expect(convoy?.state).toBe('needs_attention');
  const before = beadsOf(world);
  isBroken = false;
  world.say({ type: 'convoy_retried', convoyId: 'demo', by: 'ann' });
  world.say({ type: 'convoy_retried', convoyId: 'demo', by: 'ann' });
  world.run();
  assertQuiet(world);
  expect(ending(world)).toEqual(expect.arrayContaining(DEMO_ENDING));
  expect(beadsOf(world)).toEqual(before);
  expect(new Set(before).size).toBe(before.length);
});

const beadsOf = ({ archive }: World): string[] =>
  archive.flatMap(({ kind, record }) => (kind === 'bead' ? [`${record.id} ${record.branch}`] : []));
