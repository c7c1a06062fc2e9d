import { expect, it } from 'vitest';
import type { StoreSubject } from './subject.ts';
import { act, bead, drafted, liveTown, newTown, NOW } from './towns.ts';

export function costContract(getSubject: () => StoreSubject): void {
  it('wakes an idle town for one read unit, and commits nothing for nothing', async () => {
    const { open, items } = getSubject();
    const used: { operation: string; read: number; write: number }[] = [];
    const store = open({ onCapacity: (operation, units) => void used.push({ operation, ...units }) });
    const { townId, pk } = await newTown(store);
    await act(store, townId, NOW, (draft) => draft.put('bead', bead('b1')), { dueAt: NOW + 60_000 });
    used.length = 0;
    await store.head(townId);
    expect(used).toEqual([{ operation: 'head', read: 1, write: 0 }]);

    const town = await liveTown(store, townId);
    const before = await items(pk);
    used.length = 0;
    await store.commit(
      town,
      drafted(town, NOW + 1, () => {}, { dueAt: NOW + 60_000 }),
      NOW + 1,
    );
    expect(used).toEqual([]);
    expect(await items(pk)).toEqual(before);
  });

  it('pays for a new due time without a transaction, a log item or a version', async () => {
    const { open, items } = getSubject();
    let written = 0;
    const store = open({ onCapacity: (_, { write }) => void (written += write) });
    const { townId, pk } = await newTown(store);
    await act(store, townId, NOW, () => {}, { dueAt: NOW + 1 });
    written = 0;
    await act(store, townId, NOW, () => {}, { dueAt: NOW + 2 });
    // The item once, and its entry in the index moved: deleted and put.
    expect(written).toBe(3);
    expect((await store.head(townId))?.version).toBe(1);
    expect([...(await items(pk)).keys()]).toEqual(['LIVE#!HEAD', 'LIVE#CONFIG']);
  });

  it('reads a town at a cost that does not grow with its history', async () => {
    const { open } = getSubject();
    let read = 0;
    const store = open({ onCapacity: (_, units) => void (read += units.read) });
    const { townId } = await newTown(store);
    await store.create(await liveTown(store, townId), { beads: [bead('b0')] }, NOW);
    const costOfLive = async (): Promise<number> => {
      read = 0;
      await liveTown(store, townId);
      return read;
    };
    const before = await costOfLive();
    for (let index = 1; index <= 10; index += 1) {
      const ended = bead(`b${index}`, { status: 'closed', metadata: { text: 'x'.repeat(10_000) } });
      await act(store, townId, NOW + index, (draft) => draft.archive('bead', ended));
    }
    expect(await costOfLive()).toBe(before);
    expect(before).toBe(2);
  });
}
