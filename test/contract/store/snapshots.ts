import { expect, it } from 'vitest';
import type { SnapshotRecord } from '../../../core/snapshot/snapshot-record.ts';
import type { Agent } from '../../../core/town/agent.ts';
import type { StoreSubject } from './subject.ts';
import { act, newTown, NOW } from './towns.ts';

const record = (generation: number, epoch: number, over: Partial<SnapshotRecord> = {}): SnapshotRecord => ({
  agentId: 'agent-1',
  manifestHash: `manifest-${generation}`,
  generation,
  epoch,
  databaseBytes: 1000,
  storedBytes: 300,
  savedAt: NOW,
  ...over,
});

const agent: Agent = {
  id: 'agent-1',
  rev: 0,
  role: 'polecat',
  name: 'nux',
  rigId: 'rig-1',
  status: 'idle',
  attempt: 0,
  createdAt: NOW,
  updatedAt: NOW,
};

export function snapshotContract(getSubject: () => StoreSubject): void {
  it('the next snapshot replaces the last one; an old plan, an old epoch and one out of order do not', async () => {
    const { store, snapshots } = getSubject();
    const { townId } = await newTown(store);
    expect(await snapshots.snapshotOf(townId, 'agent-1')).toBeUndefined();
    const rows = [
      { next: record(2, 1), isWritten: false },
      { next: record(1, 1), isWritten: true },
      { next: record(1, 1), isWritten: false },
      { next: record(3, 1), isWritten: false },
      { next: record(2, 3), isWritten: true },
      // A container that has been replaced, with a plan made since.
      { next: record(3, 2), isWritten: false },
      { next: record(2, 4), isWritten: false },
      { next: record(3, 3), isWritten: true },
      { next: record(4, 4), isWritten: true },
    ];
    for (const { next, isWritten } of rows) expect(await snapshots.setSnapshot(townId, next)).toBe(isWritten);
    expect(await snapshots.snapshotOf(townId, 'agent-1')).toEqual(record(4, 4));
  });

  it('of twenty that save the same generation one wins', async () => {
    const { store, snapshots } = getSubject();
    const { townId } = await newTown(store);
    const saves = Array.from({ length: 20 }, (_, n) =>
      snapshots.setSnapshot(townId, record(1, 1, { manifestHash: `manifest-of-${n}` })),
    );
    const won = (await Promise.all(saves)).flatMap((isWritten, n) => (isWritten ? [n] : []));
    expect(won).toHaveLength(1);
    expect(await snapshots.snapshotOf(townId, 'agent-1')).toMatchObject({
      manifestHash: `manifest-of-${won[0]}`,
    });
  });

  it('agents and towns have their own, and one goes with its agent; no reconcile reads it', async () => {
    const { store, snapshots, items } = getSubject();
    const [{ townId }, other] = [await newTown(store), await newTown(store)];
    await act(store, townId, NOW, (draft) => draft.put('agent', agent));
    await snapshots.setSnapshot(townId, record(1, 1));
    await snapshots.setSnapshot(townId, record(1, 1, { agentId: 'agent-2' }));
    expect(await snapshots.snapshotOf(other.townId, 'agent-1')).toBeUndefined();
    const keys = [...(await items(`TOWN#${townId}`)).keys()];
    expect(keys.filter((key) => key.includes('SNAPSHOT'))).toEqual(['SNAPSHOT#agent-1', 'SNAPSHOT#agent-2']);
    await act(store, townId, NOW, (draft) => draft.delete('agent', 'agent-1'));
    expect(await snapshots.snapshotOf(townId, 'agent-1')).toBeUndefined();
    expect(await snapshots.snapshotOf(townId, 'agent-2')).toMatchObject({ generation: 1 });
  });
}
