import { expect, it } from 'vitest';
import type { StoreSubject } from './subject.ts';
import { act, bead, drafted, liveTown, newTown, NOW, unique } from './towns.ts';

const decision = (id: string, reason = 'because') => ({
  id,
  rule: 'a/rule',
  subject: { kind: 'bead' as const, id: 'b1' },
  from: undefined,
  to: 'closed',
  reason,
});

export function logContract(getSubject: () => StoreSubject): void {
  it('logs every commit with what a replay needs, and reads it newest first in pages', async () => {
    const { store, open, item } = getSubject();
    const { townId, pk } = await newTown(store);
    const store7 = open({ codeVersion: '7.0.0' });
    for (let index = 0; index < 12; index += 1) {
      const fact = {
        source: 'message' as const,
        id: '0',
        fact: { type: 'task_stopped', exitCode: undefined },
      };
      const facts = { applied: [fact], stale: [], quarantined: [] };
      const decided = {
        decisions: [decision(`${index + 2}-0`)],
        seed: `seed-${index}`,
        dueAt: NOW + 99,
        facts,
      };
      await act(store7, townId, NOW + index, (draft) => draft.put('bead', bead(`b${index}`)), decided);
    }
    const first = await store.log(townId, 5);
    expect(first.map(({ version }) => version)).toEqual([13, 12, 11, 10, 9]);
    const { from: _, ...stored } = decision('13-0');
    expect(first[0]).toEqual({ version: 13, at: NOW + 11, decisions: [stored] });
    const rest = await store.log(townId, 100, 9);
    expect(rest.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2]);
    expect(await store.log(townId, 5, 2)).toEqual([]);
    expect(await item(pk, 'LOG#0000000000000013')).toMatchObject({
      at: NOW + 11,
      seed: 'seed-11',
      codeVersion: '7.0.0',
      facts: { applied: [{ source: 'message', id: '0', fact: { type: 'task_stopped' } }], stale: [] },
      changes: [{ op: 'create', kind: 'bead', id: 'b11', status: 'open' }],
      dueAt: NOW + 99,
    });
  });

  it('trims a long log body to the ids of its facts, then its reasons, and keeps the decisions', async () => {
    const { store, item } = getSubject();
    const { townId, pk } = await newTown(store);
    const long = { source: 'inbox' as const, id: 'i1', fact: { text: 'x'.repeat(70_000) } };
    const facts = { applied: [long], stale: [], quarantined: [] };
    await act(store, townId, NOW, () => {}, { facts, decisions: [decision('2-0', 'why '.repeat(100))] });
    const trimmed = await item(pk, 'LOG#0000000000000002');
    expect(trimmed).toMatchObject({ isTrimmed: true, facts: { applied: [{ source: 'inbox', id: 'i1' }] } });
    expect((await store.log(townId, 1))[0]?.decisions[0]?.reason).toHaveLength(400);
    const decisions = Array.from({ length: 1000 }, (_, index) => decision(`3-${index}`, 'x'.repeat(500)));
    await act(store, townId, NOW, () => {}, { decisions });
    expect(await item(pk, 'LOG#0000000000000003')).toMatchObject({ isTrimmed: true, decisionCount: 1000 });
    const [entry] = await store.log(townId, 1);
    expect(entry?.decisions.length).toBe(250);
    expect(entry?.decisions[0]?.reason).toHaveLength(200);
  });

  it('keeps what could not be applied for people, at its commit or alone, also when it is huge', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    const town = await liveTown(store, townId);
    const bad = {
      source: 'inbox' as const,
      id: 'i1',
      fact: { type: 'odd', value: undefined },
      error: 'no such bead',
    };
    const facts = { applied: [], stale: [], quarantined: [bad] };
    await store.commit(
      town,
      drafted(town, NOW, () => {}, { facts }),
      NOW,
    );
    const huge = { source: 'message' as const, id: 'm1', fact: 'x'.repeat(500_000), error: 'not JSON' };
    await store.quarantine(townId, huge, NOW + 1);
    const nowhere = unique('town');
    await store.quarantine(nowhere, { ...huge, fact: undefined }, NOW);
    const kept = [...(await items(pk)).values()].filter(({ sk }) => String(sk).startsWith('QUARANTINE#'));
    expect(kept).toMatchObject([
      { source: 'inbox', id: 'i1', fact: { type: 'odd' }, error: 'no such bead', at: NOW },
      { source: 'message', id: 'm1', error: 'not JSON', isTrimmed: true, at: NOW + 1 },
    ]);
    expect(String(kept[1]?.['fact'])).toHaveLength(4096);
    expect((await items(`TOWN#${nowhere}`)).size).toBe(1);
    expect(await store.head(nowhere)).toBeUndefined();
  });
}
