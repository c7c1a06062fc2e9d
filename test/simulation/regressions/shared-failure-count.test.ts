import { expect, test } from 'vitest';
import { checkEnd } from '../../contract/loop/end-state.ts';
import type { ForgeFault } from '../../contract/loop/model-forge.ts';
import { World } from '../../contract/loop/world.ts';
import { modelSubject } from '../table/subject.ts';

/** What the looks at pull requests meet, one after another. */
async function looking(faults: readonly ForgeFault[]): Promise<string[]> {
  const { store } = await modelSubject();
  let looks = 0;
  const world = new World(store, {
    forge: { fault: (call) => (call === 'observe' ? faults[(looks += 1) - 1] : undefined) },
  });
  const town = await world.createTown({
    isOnForge: true,
    config: { mergeStrategy: 'pr', refinery: { autoMergeDelayMinutes: 0 } },
  });
  await world.startDemo(town);
  await world.run();
  await checkEnd(world, store, town);
  const log = await store.log(town.townId, 1000);
  return log.flatMap(({ decisions }) =>
    decisions.flatMap(({ to, reason }) => (to === 'pollFailed' ? [reason.split(':')[0] ?? ''] : [])),
  );
}

/** #3157: server errors and answers that were not understood were counted together, and a request failed early. */
test('two server errors and an answer that is not understood are not three of anything', async () => {
  expect(
    await looking(['http_error', 'http_error', 'invalid_response', 'http_error', 'invalid_response']),
  ).toEqual([]);
});

test('a token that is refused is said at once, and what people repair goes on by itself', async () => {
  expect(new Set(await looking(Array.from({ length: 8 }, () => 'unauthorized')))).toEqual(
    new Set(['unauthorized']),
  );
});
