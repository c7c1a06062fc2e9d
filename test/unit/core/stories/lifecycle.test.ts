import { expect, test } from 'vitest';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import { bead, town } from '../town-builder.ts';
import { assertQuiet, ending, World } from '../world.ts';
import { DEMO_ENDING, demoTown } from './demo.ts';

/** A town that is paused, resumed or deleted in the middle of its work. */

const containerIs = (state: string) => (world: World) => world.town.container.state === state;
const stageIs = (stage: string) => (world: World) =>
  [...world.town.live.mergeRequest.values()].some((mr) => mr.stage === stage);
const isWorking = ({ town: { observed } }: World): boolean =>
  observed?.agents.some(({ state }) => state === 'working') ?? false;
const jobRuns = ({ town: { container } }: World): boolean =>
  container.state === 'running' && container.desired.jobs.length > 0;
const isVerifying = ({ town: { live } }: World): boolean =>
  [...live.bead.values()].some(({ done }) => done?.jobId !== undefined);
const isStopping = containerIs('stopping');

const MOMENTS = [
  { moment: 'at the first step', when: () => true },
  { moment: 'while its container starts', when: containerIs('starting') },
  { moment: 'while its container runs', when: containerIs('running') },
  { moment: 'while agents work', when: isWorking },
  { moment: 'while a claim is verified', when: isVerifying },
  { moment: 'while a job runs', when: jobRuns },
  { moment: 'while a branch is checked', when: stageIs('checking') },
  { moment: 'while a branch is reviewed', when: stageIs('reviewing') },
  { moment: 'while a merge is under way', when: stageIs('merging') },
  { moment: 'while its container drains', when: containerIs('draining') },
  { moment: 'while its container stops', when: isStopping },
];

/** What a paused town must not do. */
const MOVES = new Set(['in_progress', 'merging', 'starting', 'landing']);

function pausedAt(when: (world: World) => boolean, delayMs: number) {
  const world = new World(demoTown());
  let pausedFrom = Number.NaN;
  let goneAt = Number.NaN;
  let decisionsBefore = 0;
  world.once(when, () =>
    world.after(delayMs, () => {
      pausedFrom = world.now;
      decisionsBefore = world.decisions.length;
      world.setLifecycle('paused');
      world.once(containerIs('absent'), () => {
        goneAt = world.now;
      });
    }),
  );
  world.run();
  return { world, stoppedAfterMs: goneAt - pausedFrom, decisions: world.decisions.slice(decisionsBefore) };
}

const attempts = ({ archive }: World) =>
  archive.flatMap(({ kind, record }) => (kind === 'bead' ? [record.attempt] : []));

test.each(MOMENTS.flatMap((row) => [0, seconds(1), seconds(7)].map((delayMs) => ({ ...row, delayMs }))))(
  'paused $moment, $delayMs ms later: its container is gone within a minute, nothing begins, and it goes on as if nothing was',
  ({ when, delayMs }) => {
    const { world, stoppedAfterMs, decisions } = pausedAt(when, delayMs);
    expect(stoppedAfterMs).toBeLessThanOrEqual(seconds(60));
    expect(decisions.filter(({ to }) => MOVES.has(to ?? ''))).toEqual([]);
    // It costs nothing: no due time, no effect, no container.
    assertQuiet(world);
    world.now += minutes(60);
    world.setLifecycle('active');
    assertQuiet(world.run());
    expect({ ending: ending(world), attempts: attempts(world) }).toEqual({
      ending: DEMO_ENDING,
      attempts: [1, 1, 1],
    });
    expect(world.remote.merges).toHaveLength(4);
  },
);

test('resumed before it has saved, the container goes on', () => {
  const world = new World(demoTown());
  world.once(isWorking, () => world.setLifecycle('paused'));
  world.once(containerIs('draining'), () => world.after(seconds(3), () => world.setLifecycle('active')));
  assertQuiet(world.run());
  expect(ending(world)).toEqual(DEMO_ENDING);
  expect(world.decisions).toContainEqual(
    expect.objectContaining({ from: 'draining', to: 'running', reason: 'there is work again' }),
  );
  expect(world.effectKeys.filter((key) => key.startsWith('run_task'))).toHaveLength(1);
});

test('resumed after it has saved, the next container goes on', () => {
  const world = new World(demoTown());
  world.once(isWorking, () => world.setLifecycle('paused'));
  world.once(isStopping, () => world.setLifecycle('active'));
  assertQuiet(world.run());
  expect({ ending: ending(world), attempts: attempts(world) }).toEqual({
    ending: DEMO_ENDING,
    attempts: [1, 1, 1],
  });
  expect(world.effectKeys.filter((key) => key.startsWith('run_task'))).toHaveLength(2);
});

test('what people ask of a paused town is done: cancelling, exporting, stopping', () => {
  const { world } = pausedAt(isWorking, 0);
  world.say({ type: 'bead_cancelled', beadId: 'c', as: 'closed', by: 'ann' });
  world.say({ type: 'export_requested', exportId: 'e', by: 'ann' });
  assertQuiet(world.run());
  expect(world.archive.map(({ record }) => record.id)).toEqual(['c']);
  expect(world.effectKeys).toContain('export_town:e');
});

const DELETIONS = [
  ...MOMENTS,
  { moment: 'while its container is lost', when: containerIs('lost'), isKilled: true },
];

test.each(DELETIONS)('deleted $moment: its container stops, then its records go, once', (row) => {
  const world = new World(demoTown());
  if ('isKilled' in row) world.once(isWorking, () => world.killContainer({ isSaid: false }));
  let deletedAt = Number.NaN;
  world.once(row.when, () => {
    deletedAt = world.now;
    world.setLifecycle('deleting');
  });
  world.run();
  expect(world.container).toBeUndefined();
  expect((world.purgedAt ?? Infinity) - deletedAt).toBeLessThanOrEqual(seconds(60));
  expect(world.effectKeys.filter((key) => key === 'purge_town')).toHaveLength(1);
});

test('a town without a container is deleted at once, also a paused one', () => {
  const world = new World(town({ beads: [bead('a', { isHeld: true })] })).run();
  world.setLifecycle('paused');
  world.run();
  assertQuiet(world);
  const from = world.now;
  world.setLifecycle('deleting');
  world.run();
  expect(world.purgedAt).toBe(from);
});
