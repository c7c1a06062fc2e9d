import { expect, it } from 'vitest';
import type { OutboxRow } from '../../../core/effects.ts';
import { STEP_BUDGET } from '../../../core/step.ts';
import { Conflict } from '../../../core/errors.ts';
import type { StoreSubject } from './subject.ts';
import { act, bead, drafted, liveTown, newTown, NOW, rig, statement, step } from './towns.ts';

const outboxRow: OutboxRow = {
  key: 'run_task:1',
  effect: { type: 'run_task', epoch: 1 },
  decisionId: '2-0',
  attempt: 1,
  sentAt: NOW,
  createdAt: NOW,
};

export function commitContract(getSubject: () => StoreSubject): void {
  it('takes the text of a deleted bead along, and leaves that of one that ended', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const beads = ['gone', 'ended'].map((id) => bead(id, { hasBody: true }));
    const bodies = new Map(beads.map(({ id }) => [id, `text of ${id}`]));
    await store.create(await liveTown(store, townId), { beads, bodies }, NOW);
    await act(store, townId, NOW, (draft) => {
      draft.delete('bead', 'gone');
      draft.archive('bead', { ...bead('ended', { hasBody: true }), status: 'closed' });
    });
    expect(await store.body(townId, 'gone')).toBeUndefined();
    expect(await store.body(townId, 'ended')).toBe('text of ended');
  });

  it('makes one version of changes, container, outbox, inbox deletions, failure and due time', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const beads = ['changed', 'gone', 'kept'].map((id) => bead(id, { branch: 'gt/x', labels: ['a'] }));
    await store.create(await liveTown(store, townId), { beads }, NOW);
    await store.addInbox(townId, statement('i1'));
    await store.addInbox(townId, statement('i2'));
    await store.recordFailure(townId, { since: NOW, count: 1, error: 'it broke' }, NOW + 7);
    const before = await liveTown(store, townId);
    const suspendedRules = [{ rule: 'a/rule', since: NOW, violation: 'no' }];
    const decided = drafted(
      before,
      NOW + 10,
      (draft) => {
        draft.put('bead', { ...bead('changed', { labels: ['b'], branch: undefined }), feedback: 'again' });
        draft.delete('bead', 'gone');
        draft.put('rig', rig('rig-1'));
        draft.setContainer({ ...draft.container, state: 'starting', epoch: 1, lastError: undefined });
        draft.setOutbox(outboxRow);
        draft.takenInbox.add('i1');
      },
      { dueAt: NOW + 60_000, suspendedRules },
    );
    await store.commit(before, decided, NOW + 10);
    const town = await liveTown(store, townId);
    expect(town.head).toEqual({
      ...before.head,
      version: before.head.version + 1,
      dueAt: NOW + 60_000,
      updatedAt: NOW + 10,
      failure: undefined,
      suspendedRules: [{ ...suspendedRules[0], codeVersion: 'test' }],
    });
    expect([...town.live.bead.keys()]).toEqual(['changed', 'kept']);
    const changed = town.live.bead.get('changed');
    expect(changed).toMatchObject({ rev: 2, updatedAt: NOW + 10, labels: ['b'], feedback: 'again' });
    expect(changed).not.toHaveProperty('branch');
    expect(town.live.rig.get('rig-1')).toMatchObject({ rev: 1, name: 'rig-1' });
    expect(town.container).toEqual({ ...before.container, rev: 1, state: 'starting', epoch: 1 });
    expect([...town.outbox.values()]).toEqual([outboxRow]);
    expect(town.inbox.map(({ id }) => id)).toEqual(['i2']);

    await act(store, townId, NOW + 20, (draft) => {
      draft.setContainer({ ...draft.container, state: 'running' });
      draft.dropOutbox(outboxRow.key);
    });
    const last = await liveTown(store, townId);
    expect(last.head).toMatchObject({ version: town.head.version + 1, updatedAt: NOW + 20 });
    expect([last.head.dueAt, last.head.suspendedRules]).toEqual([undefined, undefined]);
    expect(last.container).toEqual({ ...town.container, rev: 2, state: 'running' });
    expect(last.outbox.size).toBe(0);
  });

  it('moves what has ended out of the live range, and lists it by time', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    await store.create(
      await liveTown(store, townId),
      { beads: ['b1', 'b2', 'b3'].map((id) => bead(id)) },
      NOW,
    );
    for (const [index, id] of ['b2', 'b3', 'b1'].entries()) {
      const closedAt = NOW + index + 1;
      await act(store, townId, closedAt, (draft) =>
        draft.archive('bead', { ...bead(id), status: 'closed', closedAt }),
      );
    }
    // Made and ended in one step: it was never live.
    await act(store, townId, NOW + 9, (draft) => draft.archive('bead', bead('b4', { status: 'failed' })));
    expect((await liveTown(store, townId)).live.bead.size).toBe(0);
    expect((await store.archivedOf(townId, 'bead')).map(({ id }) => id)).toEqual(['b4', 'b1', 'b3', 'b2']);
    expect(await store.archivedOf(townId, 'convoy')).toEqual([]);
    const ended = { ...bead('b3'), rev: 2, status: 'closed', closedAt: NOW + 2, updatedAt: NOW + 2 };
    expect(await store.archived(townId, 'bead', 'b3')).toEqual(ended);
    expect([await store.archived(townId, 'rig', 'b3'), await store.archived(townId, 'bead', 'b9')]).toEqual([
      undefined,
      undefined,
    ]);
    const all = await items(pk);
    expect(all.get('DONE#b4')).toMatchObject({ kind: 'bead', donePk: `${pk}#bead`, doneAt: NOW + 9 });
    expect([...all.keys()].filter((sk) => sk.startsWith('LIVE#BEAD'))).toEqual([]);
  });

  it('takes a step of the whole budget in one transaction', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const beads = Array.from({ length: 40 }, (_, index) => bead(`b${index}`));
    await store.create(await liveTown(store, townId), { beads }, NOW);
    const town = await liveTown(store, townId);
    const decided = drafted(town, NOW + 1, (draft) => {
      for (const one of beads) draft.archive('bead', { ...one, status: 'closed' });
    });
    expect(decided.changes.length * 2).toBe(STEP_BUDGET);
    const quarantined = Array.from({ length: 40 }, (_, index) => ({
      source: 'message' as const,
      id: `${index}`,
      fact: { index },
      error: 'unknown',
    }));
    await store.commit(town, { ...decided, facts: { ...decided.facts, quarantined } }, NOW + 1);
    expect((await liveTown(store, townId)).live.bead.size).toBe(0);
    expect((await store.archivedOf(townId, 'bead')).length).toBe(40);
    const { items } = getSubject();
    const kept = [...(await items(`TOWN#${townId}`)).keys()].filter((sk) => sk.startsWith('QUARANTINE#'));
    expect(kept.length).toBe(40);
  });

  it('refuses a step of more than a hundred items with a clear error, whole', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    const before = await items(pk);
    const town = await liveTown(store, townId);
    const decided = drafted(town, NOW, (draft) => {
      for (let index = 0; index < 99; index += 1) draft.put('bead', bead(`b${index}`));
    });
    const text = 'What is to be written together (commit) has 101 items; 100 is the most.';
    await expect(store.commit(town, decided, NOW)).rejects.toThrow(text);
    expect(await items(pk)).toEqual(before);
  });

  it('names an item that a writer changed without telling the head, and writes nothing', async () => {
    const { store, set, items } = getSubject();
    const { townId, pk } = await newTown(store);
    const town = await liveTown(store, townId);
    await set(pk, 'LIVE#BEAD#b1', { id: 'b1' });
    const before = await items(pk);
    const commit = store.commit(
      town,
      drafted(town, NOW, (draft) => draft.put('bead', bead('b1'))),
      NOW,
    );
    await expect(commit).rejects.toBeInstanceOf(Conflict);
    await expect(commit).rejects.toThrow('LIVE#BEAD#b1');
    expect(await items(pk)).toEqual(before);
  });

  it('carries a town through real steps, and finds nothing to do when nothing happened', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    await store.create(await liveTown(store, townId), { rigs: [rig('rig-1')], beads: [bead('b1')] }, NOW);
    const started = await step(store, townId, NOW + 1);
    expect((await liveTown(store, townId)).container).toMatchObject({ state: 'starting', epoch: 1 });
    expect([...(await liveTown(store, townId)).outbox.keys()]).toEqual(['run_task:1']);
    expect(started.send.map(({ key }) => key)).toEqual(['run_task:1']);
    const result = { ok: true, taskArn: 'arn:task' } as const;
    await step(store, townId, NOW + 2, [{ type: 'effect_result', key: 'run_task:1', attempt: 1, result }]);
    const report = {
      epoch: 1,
      sequence: 1,
      syncedAt: NOW + 3,
      phase: 'running',
      agents: [],
      jobs: [],
    } as const;
    await store.observe(townId, { ...report, agents: [], jobs: [] });
    await step(store, townId, NOW + 3, [{ type: 'container_synced', epoch: 1, sequence: 1 }]);
    const town = await liveTown(store, townId);
    expect(town.container).toMatchObject({ state: 'running', epoch: 1, taskArn: 'arn:task' });
    expect(town.container.desired.agents).toHaveLength(1);
    expect(town.outbox.size).toBe(0);
    const before = await items(pk);
    const idle = await step(store, townId, NOW + 3);
    expect([idle.changes, idle.container, idle.decisions]).toEqual([[], undefined, []]);
    expect(await items(pk)).toEqual(before);
  });
}
