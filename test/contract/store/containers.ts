import { expect, it } from 'vitest';
import { TooLarge } from '../../../core/errors.ts';
import type { OutboxRow } from '../../../core/effects.ts';
import type { Observed } from '../../../core/town/container.ts';
import type { StoreSubject } from './subject.ts';
import { act, drafted, liveTown, newTown, NOW } from './towns.ts';

const row: OutboxRow = {
  key: 'stop_task:3',
  effect: { type: 'stop_task', epoch: 3, reason: 'idle', absenceProvenAt: NOW },
  decisionId: '2-0',
  attempt: 1,
  sentAt: NOW,
  createdAt: NOW,
};

const report = (epoch: number, sequence: number, over: Partial<Observed> = {}): Observed => ({
  epoch,
  sequence,
  syncedAt: NOW,
  phase: 'running',
  agents: [],
  jobs: [],
  ...over,
});

export function containerContract(getSubject: () => StoreSubject): void {
  it('keeps the newest report: by epoch, then by sequence', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const rows = [
      { epoch: 1, sequence: 0, isWritten: true },
      { epoch: 1, sequence: 0, isWritten: false },
      { epoch: 1, sequence: 2, isWritten: true },
      { epoch: 1, sequence: 1, isWritten: false },
      { epoch: 2, sequence: 0, isWritten: true },
      { epoch: 1, sequence: 9, isWritten: false },
      { epoch: 2, sequence: 1, isWritten: true },
    ];
    for (const { epoch, sequence, isWritten } of rows) {
      const key = epoch === 1 ? { keyThumbprint: 'first' } : {};
      expect(await store.observe(townId, report(epoch, sequence, key))).toBe(isWritten);
    }
    expect(await store.container(townId)).toBeUndefined();
    await act(store, townId, NOW, (draft) => draft.setContainer({ ...draft.container, epoch: 2 }));
    const stored = await store.container(townId);
    expect(stored).toMatchObject({ container: { rev: 1, epoch: 2 }, observed: report(2, 1) });
    expect(stored?.observed).not.toHaveProperty('keyThumbprint');
    const large = report(2, 2, { keyThumbprint: 'x'.repeat(100 * 1024) });
    await expect(store.observe(townId, large)).rejects.toBeInstanceOf(TooLarge);
  });

  it('gives the claim of a row to one of twenty workers, until it is released, over or the row is gone', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    expect(await store.claimOutbox(townId, row.key, NOW, NOW + 50)).toBe(false);
    await act(store, townId, NOW, (draft) => draft.setOutbox(row));
    const before = await store.head(townId);
    const claims = Array.from({ length: 20 }, () => store.claimOutbox(townId, row.key, NOW, NOW + 50));
    expect((await Promise.all(claims)).filter(Boolean)).toEqual([true]);
    expect(await store.outboxRow(townId, row.key)).toEqual({ ...row, claimedUntil: NOW + 50 });
    expect(await store.claimOutbox(townId, row.key, NOW + 49, NOW + 90)).toBe(false);
    expect(await store.claimOutbox(townId, row.key, NOW + 50, NOW + 100)).toBe(true);
    await store.releaseOutbox(townId, row.key, NOW + 50);
    // The claim until NOW + 50 was over; the one that another worker holds since is not touched.
    expect(await store.claimOutbox(townId, row.key, NOW + 51, NOW + 101)).toBe(false);
    await store.releaseOutbox(townId, row.key, NOW + 100);
    expect(await store.claimOutbox(townId, row.key, NOW + 51, NOW + 101)).toBe(true);
    expect(await store.head(townId)).toEqual(before);
    await act(store, townId, NOW, (draft) => draft.dropOutbox(row.key));
    expect(await store.claimOutbox(townId, row.key, NOW + 500, NOW + 600)).toBe(false);
    await store.releaseOutbox(townId, row.key, NOW + 101);
    expect(await store.outboxRow(townId, row.key)).toBeUndefined();
  });

  it('lets a claim survive what the reconciler writes of the row', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const failed = { failedAt: NOW + 1, lastError: { code: 'busy', message: 'later' } };
    await act(store, townId, NOW, (draft) => draft.setOutbox({ ...row, ...failed }));
    const town = await liveTown(store, townId);
    const retried = { ...row, attempt: 2, sentAt: NOW + 10 };
    expect(await store.claimOutbox(townId, row.key, NOW, NOW + 50)).toBe(true);
    await store.commit(
      town,
      drafted(town, NOW, (draft) => draft.setOutbox(retried)),
      NOW,
    );
    expect(await store.outboxRow(townId, row.key)).toEqual({ ...retried, claimedUntil: NOW + 50 });
    await store.releaseOutbox(townId, row.key, NOW + 50);
    // Read with a claim that is over by now: writing the row does not bring it back.
    await act(store, townId, NOW, (draft) =>
      draft.setOutbox({ ...retried, attempt: 3, claimedUntil: NOW + 50 }),
    );
    expect(await store.outboxRow(townId, row.key)).toEqual({ ...retried, attempt: 3 });
  });
  it('an effect that is asked for again in the step that takes its answer can be claimed at once', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    await act(store, townId, NOW, (draft) => draft.setOutbox(row));
    expect(await store.claimOutbox(townId, row.key, NOW, NOW + 50)).toBe(true);
    const again = { ...row, decisionId: '3-0', createdAt: NOW + 1, sentAt: NOW + 1 };
    await act(store, townId, NOW + 1, (draft) => {
      draft.dropOutbox(row.key);
      draft.setOutbox(again);
    });
    expect(await store.outboxRow(townId, row.key)).toEqual(again);
    expect(await store.claimOutbox(townId, row.key, NOW + 2, NOW + 52)).toBe(true);
  });
}
