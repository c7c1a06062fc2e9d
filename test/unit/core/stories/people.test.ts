import { expect, test } from 'vitest';
import { seconds } from '../../../../core/town/instant.ts';
import type { Bead } from '../../../../core/town/bead.ts';
import { bead, convoy, town } from '../town-builder.ts';
import { assertQuiet, ending, type Script, World } from '../world.ts';
import { DEMO_ENDING, demoTown } from './demo.ts';

/** What people do with work that went wrong, or that they do not want any more. */

const by = 'ann';
const stageIs = (stage: string) => (world: World) =>
  [...world.town.live.mergeRequest.values()].some((mr) => mr.stage === stage);

/** The demo, in which the workers of bead `a` give up until `isMended`. */
function stuckDemo(): { world: World; mend: () => void } {
  let isMended = false;
  const script: Script = {
    agent: ({ work }) => (!isMended && work.kind === 'bead' && work.beadId === 'a' ? 'exit' : undefined),
  };
  const world = new World(demoTown(), script);
  assertQuiet(world.run());
  expect(ending(world)).toEqual([
    'bead a failed',
    'bead b closed',
    'bead c open',
    'convoy demo needs_attention',
  ]);
  return {
    world,
    mend: () => {
      isMended = true;
    },
  };
}

function archived(world: World, id: string): Bead {
  const found = world.archive.find(({ kind, record }) => kind === 'bead' && record.id === id);
  if (found?.kind !== 'bead') throw new Error(`no bead ${id} has ended`);
  return found.record;
}

test('a failed bead is asked for anew: its convoy goes on and lands', () => {
  const { world, mend } = stuckDemo();
  mend();
  world.say({ type: 'bead_reopened', bead: archived(world, 'a'), by });
  world.say({ type: 'convoy_retried', convoyId: 'demo', by });
  assertQuiet(world.run());
  expect(ending(world)).toEqual(DEMO_ENDING);
  expect(archived(world, 'a')).toMatchObject({ attempt: 6, attemptBase: 5, failure: undefined });
});

test('asked for anew, it may fail again after as many attempts as before', () => {
  const { world } = stuckDemo();
  world.say({ type: 'bead_reopened', bead: archived(world, 'a'), by });
  assertQuiet(world.run());
  expect(archived(world, 'a')).toMatchObject({ status: 'failed', attempt: 10 });
  expect(world.town.live.convoy.get('demo')?.state).toBe('needs_attention');
});

test('a retry that mends nothing ends where it was', () => {
  const { world } = stuckDemo();
  world.say({ type: 'convoy_retried', convoyId: 'demo', by });
  assertQuiet(world.run());
  expect(world.town.live.convoy.get('demo')?.state).toBe('needs_attention');
});

test('without its failed bead, and what waited for it, a convoy lands', () => {
  const { world } = stuckDemo();
  world.say({ type: 'convoy_bead_removed', convoyId: 'demo', beadId: 'a', by });
  assertQuiet(world.run());
  expect(world.town.live.convoy.get('demo')?.state).toBe('active');
  world.say({ type: 'bead_deleted', beadId: 'c', by });
  assertQuiet(world.run());
  expect(ending(world)).toEqual(['bead a failed', 'bead b closed', 'convoy demo landed']);
});

test('a closed bead of a convoy that is about to land is asked for anew: the convoy lands after it', () => {
  const world = new World(demoTown());
  const isLanding = ({ town: { live } }: World): boolean => live.convoy.get('demo')?.state === 'landing';
  world.once(isLanding, () => world.say({ type: 'bead_reopened', bead: archived(world, 'b'), by }));
  assertQuiet(world.run());
  expect(ending(world)).toEqual(DEMO_ENDING);
  expect(archived(world, 'b').attempt).toBe(2);
  expect(world.remote.merges.map(({ target }) => target).at(-1)).toBe('main');
});

test.each([
  { when: 'agents work', is: (world: World) => world.town.container.state === 'running', merged: [] },
  { when: 'a branch is reviewed', is: stageIs('reviewing'), merged: [] },
  { when: 'a merge is under way', is: stageIs('merging'), merged: ['convoy/demo/head'] },
])('a convoy is closed while $when', ({ is, merged }) => {
  const world = new World(demoTown());
  world.once(is, () => world.say({ type: 'convoy_closed', convoyId: 'demo', by }));
  assertQuiet(world.run());
  const ends = ending(world);
  expect(ends).toContain('convoy demo closed');
  expect(ends.filter((end) => end.startsWith('bead') && end.endsWith('closed'))).toHaveLength(merged.length);
  expect(world.remote.merges.map(({ target }) => target)).toEqual(merged);
  expect(world.town.live.bead.size).toBe(0);
});

test('closed in a paused town with a merge under way, it ends when that is known', () => {
  const world = new World(demoTown());
  world.once(stageIs('merging'), () => {
    world.setLifecycle('paused');
    world.container?.kill();
    world.killContainer({ isSaid: true });
    world.say({ type: 'convoy_closed', convoyId: 'demo', by });
  });
  assertQuiet(world.run());
  expect([...world.town.live.mergeRequest.values()].map(({ stage }) => stage)).toEqual(['merging']);
  world.setLifecycle('active');
  assertQuiet(world.run());
  expect(ending(world)).toContain('convoy demo closed');
});

test('a convoy of 50 beads is closed while they are worked on, and its container sleeps', () => {
  const names = Array.from({ length: 50 }, (_, n) => `b${n}`);
  const world = new World(
    town({
      beads: names.map((id) => bead(id, { convoyId: 'k' })),
      convoys: [convoy('k', { beads: names.map((id) => ({ id, outcome: 'open' })) })],
    }),
  );
  world.after(seconds(200), () => world.say({ type: 'convoy_closed', convoyId: 'k', by }));
  assertQuiet(world.run());
  expect(ending(world)).toContain('convoy k closed');
  expect(world.town.live.bead.size).toBe(0);
  expect(world.remote.merges.length).toBeLessThan(10);
});

test('a worker that is stopped leaves its bead to whoever starts it', () => {
  const world = new World(town({ beads: [bead('a')] }));
  const isWorking = ({ town: { observed } }: World): boolean =>
    observed?.agents.some(({ state }) => state === 'working') ?? false;
  world.once(isWorking, () => {
    const [agent] = world.town.live.agent.values();
    world.say({ type: 'agent_stopped', agentId: agent?.id ?? '', by });
  });
  assertQuiet(world.run());
  expect(ending(world)).toEqual(['bead a open']);
  world.say({ type: 'bead_started', beadId: 'a', by });
  assertQuiet(world.run());
  expect(ending(world)).toEqual(['bead a closed']);
});
