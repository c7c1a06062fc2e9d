import { expect, it } from 'vitest';
import { noUsage } from '../../../core/town/usage.ts';
import { historyKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import { changeWrites } from '../../../lambdas/adapters/dynamodb/commit-writes.ts';
import { readCosts } from '../../../lambdas/api/transfer/costs.ts';
import { attempt, bead, liveTown, newTown, NOW } from '../../contract/store/towns.ts';
import { modelSubject } from '../../simulation/table/subject.ts';
import { eventOf, routeOf } from '../../unit/http-handler/events.ts';

const MOST_ROWS = 5000;

/** Money that the bead of this number cost. */
const costOf = (number: number): number => (number % 7) + number / 1e6;

it('costs by bead name the beads that cost most, ended ones too, and say how many they leave out', async () => {
  const { store, set } = await modelSubject();
  const { townId, ownerId, pk } = await newTown(store, 'ann');
  await store.create(await liveTown(store, townId), { beads: [bead('live')] }, NOW);
  const ids = ['live', ...Array.from({ length: MOST_ROWS + 1 }, (_, number) => `b${number}`)];
  for (const [number, id] of ids.entries()) {
    const usage = { ...noUsage, costUsd: costOf(number) };
    const entry = attempt(id, 1, { usage });
    await set(pk, historyKey(townId, entry).sk, { ...entry });
    if (id === 'live') continue;
    const record = bead(id, { status: 'closed' });
    const [write] = changeWrites(townId, [{ op: 'archive', kind: 'bead', before: undefined, record }], NOW);
    if (write?.op === 'put') await set(pk, `DONE#${id}`, write.item);
  }
  const answer = await readCosts(
    { store, now: () => NOW + 3_600_000 },
    {
      event: eventOf(routeOf({ handle: async () => ({ status: 200, body: {} }) }), { userId: ownerId }),
      params: { townId },
      query: { by: 'bead', from: undefined, to: undefined },
    },
  );
  expect(answer).toMatchObject({ itemsLeftOut: 2, total: { sessions: MOST_ROWS + 2 } });
  const shown = new Set(answer.items.map(({ id }) => id));
  // The cheapest: `live` cost nothing, and `b6` is the next that cost no dollar.
  expect(ids.filter((id) => !shown.has(id))).toEqual(['live', 'b6']);
  expect(answer.items.filter(({ id, title }) => title !== `Bead ${id}`)).toEqual([]);
  expect(answer.items.map(({ id }) => id)).toEqual([...shown].toSorted());
});
