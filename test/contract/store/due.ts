import { expect, it } from 'vitest';
import type { TownStore } from '../../../core/ports.ts';
import { duePk, dueShard } from '../../../lambdas/adapters/dynamodb/due-shard.ts';
import type { StoreSubject } from './subject.ts';
import { act, bead, drafted, liveTown, newTown, NOW, statement, unique, type TownIds } from './towns.ts';

const renaming = {
  rule: 'api/rename',
  subject: { kind: 'town', id: 'any' },
  reason: 'renamed',
  by: 'ann',
} as const;
const failure = { since: NOW, count: 2, error: 'it broke' };

const writers: {
  writer: string;
  bumps: number;
  dueAt: number | undefined;
  write: (store: TownStore, townId: string) => Promise<void>;
}[] = [
  {
    writer: 'a statement',
    bumps: 1,
    dueAt: NOW + 5,
    write: (store, id) => store.addInbox(id, statement('i1')),
  },
  {
    writer: 'new records',
    bumps: 1,
    dueAt: NOW + 6,
    write: async (store, id) => store.create(await liveTown(store, id), { beads: [bead('b1')] }, NOW + 6),
  },
  {
    writer: 'what a person changed',
    bumps: 1,
    dueAt: NOW + 4,
    write: async (store, id) => store.edit(await liveTown(store, id), renaming, NOW + 4),
  },
  {
    writer: 'a commit with changes',
    bumps: 1,
    dueAt: NOW + 7,
    write: (store, id) => act(store, id, NOW, (draft) => draft.put('bead', bead('b1')), { dueAt: NOW + 7 }),
  },
  {
    writer: 'a commit of a due time',
    bumps: 0,
    dueAt: NOW + 8,
    write: (store, id) => act(store, id, NOW, () => {}, { dueAt: NOW + 8 }),
  },
  {
    writer: 'a failure',
    bumps: 0,
    dueAt: NOW + 9,
    write: (store, id) => store.recordFailure(id, failure, NOW + 9),
  },
  {
    writer: 'a report',
    bumps: 0,
    dueAt: undefined,
    write: async (store, id) => {
      await store.observe(id, {
        epoch: 1,
        sequence: 1,
        syncedAt: NOW,
        phase: 'running',
        agents: [],
        jobs: [],
      });
    },
  },
];

export function dueContract(getSubject: () => StoreSubject): void {
  it.each(writers)('makes a town due by $writer, a paused one, too (decision 0006)', async (row) => {
    const { store, item, set } = getSubject();
    const active = await newTown(store);
    const paused = await newTown(store);
    await set(paused.pk, 'LIVE#!HEAD', { lifecycle: 'paused' });
    for (const { townId } of [active, paused]) await row.write(store, townId);
    for (const { pk, townId } of [active, paused]) {
      const stored = await item(pk, 'LIVE#!HEAD');
      const shard = row.dueAt === undefined ? undefined : duePk(dueShard(townId));
      expect([stored?.['version'], stored?.['dueAt'], stored?.['duePk']]).toEqual([
        1 + row.bumps,
        row.dueAt,
        shard,
      ]);
    }
    expect(await store.head(paused.townId)).toMatchObject({ lifecycle: 'paused' });
  });

  it('lists the towns of a shard, the longest overdue first, and none that is not due', async () => {
    const { store } = getSubject();
    const towns: (TownIds & { dueAt: number })[] = [];
    for (let index = 0; index < 40; index += 1) {
      const town = await newTown(store);
      // Out of order on purpose: 7 and 40 have no common divisor.
      const dueAt = NOW - 1000 + ((index * 7) % 40);
      await act(store, town.townId, NOW, () => {}, { dueAt });
      towns.push({ ...town, dueAt });
    }
    const mine = new Map(towns.map(({ townId, dueAt }) => [townId, dueAt]));
    const now = NOW - 1000 + 29;
    let seen = 0;
    for (let shard = 0; shard < 16; shard += 1) {
      const due = await store.dueTowns(shard, now, 1000);
      const expected = towns
        .filter(({ townId, dueAt }) => dueShard(townId) === shard && dueAt <= now)
        .toSorted((a, b) => a.dueAt - b.dueAt)
        .map(({ townId, dueAt }) => ({ townId, dueAt }));
      expect(due.filter(({ townId }) => mine.has(townId))).toEqual(expected);
      expect(await store.dueTowns(shard, now, 1)).toEqual(due.slice(0, 1));
      seen += expected.length;
    }
    expect(seen).toBe(30);
  });

  it('takes a town out of the index when it has nothing to wait for', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const isDue = async (): Promise<boolean> =>
      (await store.dueTowns(dueShard(townId), NOW, 1000)).some((due) => due.townId === townId);
    await act(store, townId, NOW, () => {}, { dueAt: NOW - 5 });
    expect(await isDue()).toBe(true);
    await act(store, townId, NOW, () => {});
    expect([await isDue(), (await store.head(townId))?.dueAt]).toEqual([false, undefined]);
    await act(store, townId, NOW, () => {}, { dueAt: NOW - 5 });
    await act(store, townId, NOW, (draft) => draft.put('bead', bead('b1')));
    expect(await isDue()).toBe(false);
  });

  it('keeps a failure until a step works, even one that has nothing to do', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const town = await liveTown(store, townId);
    await store.recordFailure(townId, failure, NOW + 20);
    expect(await store.head(townId)).toMatchObject({ failure, dueAt: NOW + 20, version: 1 });
    // It is no event: what was read before it may be committed.
    await store.commit(
      town,
      drafted(town, NOW, () => {}, { dueAt: NOW + 30 }),
      NOW,
    );
    expect(await store.head(townId)).toMatchObject({ dueAt: NOW + 30, version: 1 });
    expect(await store.head(townId)).not.toHaveProperty('failure');
    await store.recordFailure(townId, failure, NOW + 30);
    await act(store, townId, NOW, () => {}, { dueAt: NOW + 30 });
    expect(await store.head(townId)).not.toHaveProperty('failure');
    await store.recordFailure(unique('town'), failure, NOW);
  });
}
