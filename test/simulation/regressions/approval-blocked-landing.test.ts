import { expect, test } from 'vitest';
import { explain } from '../../../core/explain.ts';
import { minutes } from '../../../core/town/instant.ts';
import { checkEnd } from '../../contract/loop/end-state.ts';
import { World } from '../../contract/loop/world.ts';
import { modelSubject } from '../table/subject.ts';

/**
 * #3138, #2260: a landing request that waited for an approval was failed and made anew, five times; then the convoy was given up. One waits for
 * as long as people need.
 */
test('a landing that waits two hours for an approval is one pull request, says so, and lands when it is there', async () => {
  const { store } = await modelSubject();
  const world = new World(store, { forge: { lookMs: () => minutes(120) } });
  const town = await world.createTown({
    isOnForge: true,
    config: { mergeStrategy: 'pr', refinery: { autoMergeDelayMinutes: 0 } },
  });
  await world.startDemo(town);
  const limitMs = minutes(12 * 60);
  await world.run(() => town.forge.opened === 4, { limitMs });
  await world.pass(minutes(90));
  const live = await store.live(town.townId);
  if (live === undefined) throw new Error('the town is gone');
  const rows = explain(live, world.time.now).filter(({ subject }) => subject.kind === 'mergeRequest');
  expect(rows).toMatchObject([{ waitingOn: 'needsApproval', who: 'human', state: 'waiting' }]);
  // Waiting for people costs no container.
  expect(live.container.state).toBe('absent');
  await world.run(undefined, { limitMs });
  await checkEnd(world, store, town);
  const requests = await store.archivedOf(town.townId, 'mergeRequest');
  expect(requests.map(({ stage }) => stage)).toEqual(['merged', 'merged', 'merged', 'merged']);
  expect(town.forge.opened).toBe(4);
});

test('a draft is not merged before somebody says that it is ready', async () => {
  const { store } = await modelSubject();
  let drafts = 0;
  const world = new World(store, {
    forge: { deed: () => ((drafts += 1) === 1 ? 'draft' : undefined) },
  });
  const town = await world.createTown({
    isOnForge: true,
    config: { mergeStrategy: 'pr', refinery: { autoMergeDelayMinutes: 0 } },
  });
  await world.startDemo(town);
  await world.run();
  // The end looks at what was merged while something blocked it.
  await checkEnd(world, store, town);
  expect(drafts).toBeGreaterThan(1);
});
