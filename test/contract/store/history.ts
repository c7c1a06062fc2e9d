import { expect, it } from 'vitest';
import type { ChatEntry, HistoryEntry, RunEntry } from '../../../core/town/history.ts';
import type { StoreSubject } from './subject.ts';
import { act, attempt, bead, drafted, liveTown, newTown, NOW } from './towns.ts';

const run = (epoch: number): RunEntry => ({
  kind: 'run',
  epoch,
  startedAt: NOW + epoch,
  stoppedAt: NOW + epoch + 10,
  reason: 'drained',
});
const chat = (id: string, from: ChatEntry['from'], text: string): ChatEntry => ({
  kind: 'chat',
  id,
  from,
  text,
  at: NOW,
});

export function historyContract(getSubject: () => StoreSubject): void {
  async function remembering(entries: readonly HistoryEntry[]) {
    const { store } = getSubject();
    const town = await newTown(store);
    for (const entry of entries) await act(store, town.townId, NOW, () => {}, { history: [entry] });
    return { ...town, store };
  }

  it('gives entries back as they were written, kind by kind, and none of another town', async () => {
    const entries = [attempt('b1', 1), run(1), chat('c1', 'user', 'hello')];
    const { store, townId } = await remembering(entries);
    await remembering([attempt('b1', 9), run(9), chat('c9', 'mayor', 'other')]);
    for (const entry of entries) {
      expect(await store.history(townId, entry.kind, { limit: 10 })).toMatchObject([entry]);
    }
  });

  it('orders runs by epoch and chat by id, from either end, at most so many', async () => {
    const epochs = [2, 10, 1, 9];
    const said = ['c3', 'c1', 'c2'];
    const { store, townId } = await remembering([
      ...epochs.map(run),
      ...said.map((id) => chat(id, 'user', id)),
    ]);
    const runs = await store.history(townId, 'run', { limit: 10 });
    expect(runs.map(({ epoch }) => epoch)).toEqual([1, 2, 9, 10]);
    const last = await store.history(townId, 'run', { limit: 2, isNewestFirst: true });
    expect(last.map(({ epoch }) => epoch)).toEqual([10, 9]);
    const before = await store.history(townId, 'chat', { limit: 10, isNewestFirst: true, to: 'c2' });
    expect(before.map(({ id }) => id)).toEqual(['c2', 'c1']);
  });

  it('finds the attempts at one bead or landing, oldest first', async () => {
    const { store, townId } = await remembering([
      attempt('b1', 12),
      attempt('b10', 1),
      attempt('b1', 2, { role: 'refinery', subject: { kind: 'mergeRequest', id: 'm1' }, attempt: 0 }),
      // A bead of a convoy counts for the bead, the review of a landing for the convoy.
      attempt('b1', 3, { convoyId: 'k' }),
      attempt(undefined, 4, { convoyId: 'k' }),
      attempt(undefined, 5, { role: 'mayor', subject: { kind: 'town', id: 't' } }),
    ]);
    const sessions = async (query: Parameters<typeof store.history>[2]): Promise<number[]> =>
      (await store.history(townId, 'attempt', query)).map(({ session }) => session);
    expect(await sessions({ limit: 10, purposeId: 'b1' })).toEqual([2, 3, 12]);
    expect(await sessions({ limit: 1, purposeId: 'b1', isNewestFirst: true })).toEqual([12]);
    expect(await sessions({ limit: 10, purposeId: 'b10' })).toEqual([1]);
    expect(await sessions({ limit: 10, purposeId: 'k' })).toEqual([4]);
    expect(await sessions({ limit: 10, purposeId: 'b' })).toEqual([]);
    expect((await sessions({ limit: 10 })).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 12]);
  });

  it('is written by its commit or not at all, and costs a reconcile nothing', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const stale = await liveTown(store, townId);
    await act(store, townId, NOW, (draft) => draft.put('bead', bead('b1')));
    const late = drafted(stale, NOW, () => {}, { history: [attempt('b1', 1)], takenInbox: ['i1'] });
    await expect(store.commit(stale, late, NOW)).rejects.toThrow('has changed');
    expect(await store.history(townId, 'attempt', { limit: 10 })).toEqual([]);
  });

  it('brings an ended record back: it is live, and no longer in the archive', async () => {
    const { store, item, set } = getSubject();
    const { townId, pk } = await newTown(store);
    const ended = bead('b1', { status: 'failed' });
    await act(store, townId, NOW, (draft) => draft.archive('bead', ended));
    await set(pk, 'DONE#b1', { future: 1 });
    expect((await store.head(townId))?.ended).toMatchObject({ beadsFailed: 1 });
    const archived = await store.archived(townId, 'bead', 'b1');
    await act(store, townId, NOW + 1, (draft) =>
      draft.restore('bead', archived ?? ended, { ...(archived ?? ended), status: 'open' }),
    );
    expect(await store.archived(townId, 'bead', 'b1')).toBeUndefined();
    expect(await item(pk, 'DONE#b1')).toBeUndefined();
    expect((await liveTown(store, townId)).live.bead.get('b1')).toMatchObject({ status: 'open', future: 1 });
    const stored = await item(pk, 'LIVE#BEAD#b1');
    for (const name of ['donePk', 'doneAt', 'kind']) expect(stored).not.toHaveProperty(name);
    expect((await store.head(townId))?.ended).toMatchObject({ beadsFailed: 0 });
  });

  it('brings back nothing when the town has changed, and a deleted one all the same', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    const ended = bead('b1', { status: 'failed', hasBody: true });
    await act(store, townId, NOW, (draft) => draft.archive('bead', ended));
    const town = await liveTown(store, townId);
    const reopened = drafted(town, NOW, (draft) =>
      draft.restore('bead', ended, { ...ended, status: 'open' }),
    );
    await act(store, townId, NOW, (draft) => draft.put('bead', bead('b2')));
    const before = await items(pk);
    await expect(store.commit(town, reopened, NOW)).rejects.toThrow('has changed');
    expect(await items(pk)).toEqual(before);
    // Somebody deletes it after somebody else has asked for it: the town must not fail over that for ever.
    await store.removeArchived(townId, 'b1');
    await act(store, townId, NOW, (draft) => draft.restore('bead', ended, { ...ended, status: 'open' }));
    expect([...(await liveTown(store, townId)).live.bead.keys()]).toEqual(['b1', 'b2']);
  });

  it('forgets an ended record with its body, and nothing else; twice is once', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    const bodies = new Map([
      ['b1', 'one'],
      ['b2', 'two'],
    ]);
    await store.create(await liveTown(store, townId), { beads: [bead('b1'), bead('b2')], bodies }, NOW);
    await act(store, townId, NOW, (draft) => draft.archive('bead', bead('b1', { status: 'closed' })));
    const before = await items(pk);
    expect([await store.removeArchived(townId, 'b1'), await store.removeArchived(townId, 'b1')]).toEqual([
      true,
      false,
    ]);
    const after = await items(pk);
    expect([...before.keys()].filter((sk) => !after.has(sk))).toEqual(['BODY#b1', 'DONE#b1']);
    expect(await store.body(townId, 'b2')).toBe('two');
    expect((await store.archivedOf(townId, 'bead')).map(({ id }) => id)).toEqual([]);
  });

  it('a record that became live again before it was deleted keeps its body', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const bodies = new Map([['b1', 'Do it well.']]);
    const made = bead('b1', { hasBody: true });
    await store.create(await liveTown(store, townId), { beads: [made], bodies }, NOW);
    const ended = { ...made, status: 'failed' as const };
    await act(store, townId, NOW, (draft) => draft.archive('bead', ended));
    await act(store, townId, NOW, (draft) => draft.restore('bead', ended, { ...ended, status: 'open' }));
    expect(await store.removeArchived(townId, 'b1')).toBe(false);
    expect(await store.body(townId, 'b1')).toBe('Do it well.');
    expect((await store.record(townId, 'bead', 'b1'))?.status).toBe('open');
  });
}
