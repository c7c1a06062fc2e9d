import { expect, it } from 'vitest';
import { VersionConflict } from '../../../core/errors.ts';
import type { TownStore } from '../../../core/ports.ts';
import type { StoreSubject } from './subject.ts';
import { act, bead, drafted, liveTown, newTown, NOW, statement } from './towns.ts';

export function raceContract(getSubject: () => StoreSubject): void {
  const moments = [
    { when: 'between the head and the live range', query: 1 },
    { when: 'between two pages of the live range', query: 2 },
  ];
  it.each(moments)('refuses a commit on a town that was written $when', async ({ query }) => {
    const { store, open, items } = getSubject();
    const { townId, pk } = await newTown(store);
    // More than a page, which is 1 MiB.
    const large = Array.from({ length: 20 }, (_, index) =>
      bead(`m${10 + index}`, { metadata: { text: 'x'.repeat(60_000) } }),
    );
    await store.create(await liveTown(store, townId), { beads: large }, NOW);
    let queries = 0;
    const slow = open({
      async before(command) {
        if (command !== 'QueryCommand') return;
        queries += 1;
        if (queries !== query) return;
        await act(store, townId, NOW + 1, (draft) => {
          draft.put('bead', bead('a-first'));
          draft.put('bead', bead('z-last'));
        });
      },
    });
    const town = await liveTown(slow, townId);
    expect(queries).toBe(2);
    expect(town.live.bead.has('z-last')).toBe(true);
    expect(town.live.bead.has('a-first')).toBe(query === 1);
    const before = await items(pk);
    const decided = drafted(town, NOW + 2, (draft) => draft.put('bead', bead('m10')), { dueAt: NOW + 3 });
    await expect(slow.commit(town, decided, NOW + 2)).rejects.toBeInstanceOf(VersionConflict);
    // Not even a due time, or that there is nothing to do until something happens.
    const idle = drafted(town, NOW + 2, () => {});
    await expect(slow.commit(town, idle, NOW + 2)).rejects.toBeInstanceOf(VersionConflict);
    expect(await items(pk)).toEqual(before);
  });

  it('commits each version once and loses no update when two reconcilers race for 20 rounds', async () => {
    const { store, open } = getSubject();
    const { townId } = await newTown(store);
    await store.create(await liveTown(store, townId), { beads: [bead('b1')] }, NOW);
    const ROUNDS = 20;
    let lost = 0;
    const count = async (reconciler: TownStore): Promise<boolean> => {
      const town = await liveTown(reconciler, townId);
      const decided = drafted(town, NOW, (draft) => {
        const one = draft.get('bead', 'b1') ?? bead('b1');
        draft.put('bead', { ...one, attempt: one.attempt + 1 });
      });
      try {
        await reconciler.commit(town, decided, NOW);
        return true;
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error;
        lost += 1;
        return false;
      }
    };
    const race = async (reconciler: TownStore): Promise<void> => {
      let won = 0;
      for (let attempt = 0; won < ROUNDS && attempt < 1000; attempt += 1)
        if (await count(reconciler)) won += 1;
    };
    await Promise.all([race(open({ codeVersion: 'one' })), race(open({ codeVersion: 'two' }))]);
    expect((await store.record(townId, 'bead', 'b1'))?.attempt).toBe(2 * ROUNDS);
    const versions = (await store.log(townId, 100)).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 2 * ROUNDS }, (_, index) => 2 * ROUNDS + 2 - index));
    expect(lost).toBeGreaterThan(0);
  });

  it('loses no statement to a commit that did not see it', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const town = await liveTown(store, townId);
    await store.addInbox(townId, statement('i1'));
    const commit = store.commit(
      town,
      drafted(town, NOW, (draft) => draft.put('bead', bead('b1'))),
      NOW,
    );
    await expect(commit).rejects.toBeInstanceOf(VersionConflict);
    expect((await liveTown(store, townId)).inbox).toHaveLength(1);
    expect((await store.head(townId))?.dueAt).toBe(NOW + 5);
  });
}
