import { expect, it } from 'vitest';
import type { TownStore } from '../../../core/ports.ts';
import type { StoreSubject } from './subject.ts';
import { act, bead, convoy, newTown, NOW } from './towns.ts';

/** Beads and convoys by turns, made in the order of their ids; they ended the other way round. */
async function townWithArchive(store: TownStore): Promise<string> {
  const { townId } = await newTown(store);
  for (let index = 6; index >= 1; index -= 1) {
    await act(store, townId, NOW + 10 - index, (draft) => {
      if (index % 2 === 0) draft.archive('convoy', { ...convoy(`r${index}`, []), state: 'landed' });
      else draft.archive('bead', bead(`r${index}`, { status: 'closed' }));
    });
  }
  return townId;
}

/** All parts that follow one another: ids of their records, and where each ends. */
async function partsOf(
  store: TownStore,
  townId: string,
  query: Parameters<TownStore['archivedPart']>[2],
): Promise<{ ids: string[]; end: string | undefined }[]> {
  const parts: { ids: string[]; end: string | undefined }[] = [];
  let { after } = query;
  do {
    const { records, end } = await store.archivedPart(townId, 'bead', { ...query, after });
    parts.push({ ids: records.map(({ id }) => id), end });
    after = end;
  } while (after !== undefined);
  return parts;
}

export function archiveContract(getSubject: () => StoreSubject): void {
  it('gives its records of a kind in the order of ids, part by part, and none of another town', async () => {
    const { store } = getSubject();
    const townId = await townWithArchive(store);
    await townWithArchive(store);
    expect(await partsOf(store, townId, { limit: 100 })).toEqual([
      { ids: ['r1', 'r3', 'r5'], end: undefined },
    ]);
    // What is looked at counts, of whatever kind it is; a full part does not know that it is the last.
    expect(await partsOf(store, townId, { limit: 3 })).toEqual([
      { ids: ['r1', 'r3'], end: 'r3' },
      { ids: ['r5'], end: 'r6' },
      { ids: [], end: undefined },
    ]);
    expect(await partsOf(store, townId, { limit: 4, isNewestFirst: true })).toEqual([
      { ids: ['r5', 'r3'], end: 'r3' },
      { ids: ['r1'], end: undefined },
    ]);
  });

  it('goes on behind an id that is not there, and stays in the archive', async () => {
    const { store } = getSubject();
    const townId = await townWithArchive(store);
    // The live range and the log stand before and behind it in the partition.
    await act(store, townId, NOW + 20, (draft) => draft.put('bead', bead('r0')));
    const rows: readonly [string, boolean, string[]][] = [
      ['r2x', false, ['r3', 'r5']],
      ['r4', false, ['r5']],
      ['r9', false, []],
      ['0', false, ['r1', 'r3', 'r5']],
      ['r2x', true, ['r1']],
      ['0', true, []],
      ['r9', true, ['r5', 'r3', 'r1']],
    ];
    for (const [after, isNewestFirst, expected] of rows) {
      const parts = await partsOf(store, townId, { limit: 2, after, isNewestFirst });
      const ids = parts.flatMap((part) => part.ids);
      expect({ after, isNewestFirst, ids }).toEqual({ after, isNewestFirst, ids: expected });
    }
  });

  it('shows what has ended as soon as it is committed, at the cost of what is looked at', async () => {
    const { open } = getSubject();
    let read = 0;
    const store = open({ onCapacity: (_, units) => void (read += units.read) });
    const { townId } = await newTown(store);
    for (let index = 0; index < 8; index += 1) {
      const ended = bead(`b${index}`, { status: 'closed', metadata: { text: 'x'.repeat(8000) } });
      await act(store, townId, NOW, (draft) => draft.archive('bead', ended));
      read = 0;
      const { records } = await store.archivedPart(townId, 'bead', { limit: 2, isNewestFirst: true });
      expect(records[0]).toMatchObject({ id: `b${index}` });
      // Two items of some 8.5 KB together, 4 KB a unit.
      expect(read).toBe(index === 0 ? 3 : 5);
    }
  });

  it('finds some of its records by their ids, and passes over the others', async () => {
    const { store } = getSubject();
    const townId = await townWithArchive(store);
    await act(store, townId, NOW + 20, (draft) => draft.put('bead', bead('live')));
    const ids = ['r5', 'r2', 'r1', 'live', 'nowhere'];
    const found = await store.archivedAmong(townId, 'bead', ids);
    expect(found.map(({ id }) => id).toSorted()).toEqual(['r1', 'r5']);
    expect(await store.archivedAmong(townId, 'bead', [])).toEqual([]);
  });
}
