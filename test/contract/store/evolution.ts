import { expect, it } from 'vitest';
import { NewerSchema } from '../../../core/errors.ts';
import { explain } from '../../../core/explain.ts';
import { createIds } from '../../../core/ids.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { SCHEMA_VERSION } from '../../../core/town/head.ts';
import { CorruptItem } from '../../../lambdas/adapters/dynamodb/store-errors.ts';
import type { StoreSubject } from './subject.ts';
import { act, bead, drafted, liveTown, newTown, NOW, rig } from './towns.ts';

const HEAD = 'LIVE#!HEAD';

export function evolutionContract(getSubject: () => StoreSubject): void {
  it('keeps attributes that it does not know through updates and into the archive', async () => {
    const { store, set, item } = getSubject();
    const { townId, pk } = await newTown(store);
    const done = { agentId: 'a1', branch: 'gt/x', at: NOW, jobErrors: 0 };
    await store.create(await liveTown(store, townId), { beads: [bead('b1', { done })] }, NOW);
    await act(store, townId, NOW, (draft) => draft.setContainer({ ...draft.container, epoch: 1 }));
    const newer = { future: { a: [1, { b: null }] }, 'odd.name': new Set(['x']) };
    await set(pk, 'LIVE#BEAD#b1', {
      done: { ...done, future: 1 },
      future: newer.future,
      oddName: newer['odd.name'],
    });
    await set(pk, 'LIVE#CONTAINER', { future: 1 });
    await set(pk, HEAD, { future: 1 });
    await act(store, townId, NOW + 1, (draft) => {
      const one = draft.get('bead', 'b1') ?? bead('missing');
      draft.put('bead', { ...one, done: { ...done, ...one.done, jobErrors: 1 } });
      draft.setContainer({ ...draft.container, epoch: 2 });
    });
    // A writer that makes the record anew, without what it does not know.
    await act(store, townId, NOW + 2, (draft) =>
      draft.put('bead', bead('b1', { done: draft.get('bead', 'b1')?.done })),
    );
    const known = {
      future: newer.future,
      oddName: newer['odd.name'],
      done: { ...done, jobErrors: 1, future: 1 },
    };
    expect(await item(pk, 'LIVE#BEAD#b1')).toMatchObject({ ...known, rev: 3 });
    expect(await item(pk, 'LIVE#CONTAINER')).toMatchObject({ future: 1, epoch: 2 });
    expect(await item(pk, HEAD)).toMatchObject({ future: 1, version: 5 });
    await act(store, townId, NOW + 3, (draft) => draft.archive('bead', { ...bead('b1'), status: 'failed' }));
    const { done: _, ...top } = known;
    expect(await item(pk, 'DONE#b1')).toMatchObject({ ...top, status: 'failed', kind: 'bead' });
    expect(await store.archived(townId, 'bead', 'b1')).toMatchObject({ id: 'b1', future: newer.future });
  });

  it('shows a rule as suspended to the code that it was suspended with, and lets other code try it', async () => {
    const { store, open, item } = getSubject();
    const { townId, pk } = await newTown(store);
    const suspended = { rule: 'a/rule', since: NOW, violation: 'no' };
    const before = await liveTown(store, townId);
    await store.commit(
      before,
      drafted(before, NOW, () => {}, { suspendedRules: [suspended] }),
      NOW,
    );
    const shown = { ...suspended, codeVersion: 'test' };
    const town = await liveTown(store, townId);
    expect(town.head.suspendedRules).toEqual([shown]);
    // What is suspended already keeps its version.
    const later = drafted(town, NOW, (draft) => draft.put('rig', rig('r')), { suspendedRules: [shown] });
    await store.commit(town, later, NOW);
    expect((await liveTown(store, townId)).head.suspendedRules).toEqual([shown]);
    const other = open({ codeVersion: 'other' });
    const tried = await liveTown(other, townId);
    expect(tried.head.suspendedRules).toEqual([]);
    await other.commit(
      tried,
      drafted(tried, NOW, () => {}),
      NOW,
    );
    expect(await item(pk, HEAD)).not.toHaveProperty('suspendedRules');
  });

  it('leaves families of items alone that it does not know', async () => {
    const { store, set } = getSubject();
    const { townId, pk } = await newTown(store);
    await set(pk, 'LIVE#ZEPPELIN#z1', { id: 'z1' });
    await act(store, townId, NOW, (draft) => draft.put('rig', rig('rig-1')));
    expect((await liveTown(store, townId)).live.rig.size).toBe(1);
  });

  it('refuses to read and to write a town that newer code has stored', async () => {
    const { store, set, items } = getSubject();
    const { townId, ownerId, pk } = await newTown(store);
    const town = await liveTown(store, townId);
    const schema = SCHEMA_VERSION + 1;
    await set(pk, HEAD, { schema, lifecycle: 'hibernating' });
    const before = await items(pk);
    const change = drafted(town, NOW, (draft) => draft.put('bead', bead('b1')));
    const tries = [
      () => store.head(townId),
      () => store.live(townId),
      () => store.towns(ownerId),
      () => store.load({ ...town.head, schema }),
      () => store.commit(town, change, NOW),
      () => store.create(town, { beads: [bead('b1')] }, NOW),
      () =>
        store.edit(town, { rule: 'api/x', subject: { kind: 'town', id: townId }, reason: '', by: 'a' }, NOW),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toBeInstanceOf(NewerSchema);
    expect(await items(pk)).toEqual(before);
  });

  const corruptions = [
    {
      what: 'a bead',
      sk: 'LIVE#BEAD#b1',
      attributes: { status: 'lost' },
      text: 'LIVE#BEAD#b1 cannot be read (status',
    },
    { what: 'a bead without revision', sk: 'LIVE#BEAD#b1', attributes: { rev: undefined }, text: '(rev' },
    { what: 'the report', sk: 'LIVE#OBSERVED', attributes: { epoch: 'one' }, text: 'LIVE#OBSERVED' },
    { what: 'the config', sk: 'LIVE#CONFIG', attributes: { rev: 'one' }, text: 'LIVE#CONFIG' },
  ];
  const dance = { id: 'i1', at: NOW, statement: { type: 'dance', by: 'newer code' } };
  it('quarantines a statement that it does not understand, once, and the town goes on', async () => {
    const { store, set, items } = getSubject();
    const { townId, pk } = await newTown(store);
    await store.create(await liveTown(store, townId), { beads: [bead('b1', { isHeld: true })] }, NOW);
    await set(pk, 'LIVE#INBOX#i1', dance);
    await set(pk, 'LIVE#INBOX#i2', { id: 7 });
    const town = await liveTown(store, townId);
    expect(town.unreadable).toMatchObject([
      { kind: 'statement', id: 'i1', item: dance },
      { kind: 'statement', id: 'i2' },
    ]);
    const outcome = reconcile(town, [], NOW, createIds('x', NOW));
    expect(outcome.facts.quarantined.map(({ id }) => id)).toEqual(['i1', 'i2']);
    await store.commit(town, outcome, NOW);
    const kept = [...(await items(pk)).keys()].filter((sk) => /INBOX|QUARANTINE/.test(sk));
    expect(kept).toEqual([
      expect.stringMatching(/^QUARANTINE#.*i1/),
      expect.stringMatching(/^QUARANTINE#.*i2/),
    ]);
    expect((await liveTown(store, townId)).unreadable).toBeUndefined();
  });

  it('leaves an effect that it does not understand where it is, and says so', async () => {
    const { store, set, item } = getSubject();
    const { townId, pk } = await newTown(store);
    const row = {
      key: 'dance:1',
      effect: { type: 'dance' },
      decisionId: '1-0',
      attempt: 1,
      sentAt: NOW,
      createdAt: NOW,
    };
    await set(pk, 'LIVE#OUTBOX#dance:1', row);
    const town = await liveTown(store, townId);
    expect(town.outbox.size).toBe(0);
    expect(explain(town, NOW)).toMatchObject([
      {
        subject: { kind: 'effect', id: 'dance:1' },
        who: 'human',
        reason: expect.stringContaining('install the version'),
      },
    ]);
    const outcome = reconcile(town, [], NOW, createIds('x', NOW));
    await store.commit(town, outcome, NOW);
    expect(await item(pk, 'LIVE#OUTBOX#dance:1')).toMatchObject(row);
  });

  it.each(corruptions)(
    'names $what that cannot be read, and guesses nothing',
    async ({ sk, attributes, text }) => {
      const { store, set } = getSubject();
      const { townId, pk } = await newTown(store);
      await store.create(await liveTown(store, townId), { beads: [bead('b1')] }, NOW);
      await set(pk, sk, attributes);
      await expect(store.live(townId)).rejects.toBeInstanceOf(CorruptItem);
      await expect(store.live(townId)).rejects.toThrow(text);
    },
  );
}
