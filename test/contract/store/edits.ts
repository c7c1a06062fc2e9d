import { expect, it } from 'vitest';
import { Conflict, VersionConflict } from '../../../core/errors.ts';
import { Draft } from '../../../core/draft.ts';
import type { Edit, TownStore } from '../../../core/ports.ts';
import type { StoreSubject } from './subject.ts';
import { act, bead, liveTown, newTown, NOW, outcome, statement } from './towns.ts';

const LATER = NOW + 60_000;
const ofTown = (townId: string, over: Partial<Edit> = {}): Edit => ({
  rule: 'api/edit',
  subject: { kind: 'town', id: townId },
  reason: 'asked for by ann',
  by: 'ann',
  ...over,
});

/** What a person makes of a live bead. */
async function retitled(store: TownStore, townId: string, title: string) {
  const town = await liveTown(store, townId);
  const draft = new Draft(town, LATER);
  draft.put('bead', { ...(draft.get('bead', 'b1') ?? bead('missing')), title });
  const edit = ofTown(townId, {
    rule: 'api/edit-bead',
    subject: { kind: 'bead', id: 'b1' },
    changes: draft.changes(),
  });
  return { town, edit };
}

export function editContract(getSubject: () => StoreSubject): void {
  it('writes a change with its log entry, body and the next version at once', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    await store.create(await liveTown(store, townId), { beads: [bead('b1')] }, NOW);
    const { town, edit } = await retitled(store, townId, 'Better');
    await store.edit(town, { ...edit, bodies: new Map([['b1', 'Do it well.']]) }, LATER);
    expect(await store.record(townId, 'bead', 'b1')).toMatchObject({
      title: 'Better',
      rev: 2,
      updatedAt: LATER,
    });
    expect(await store.body(townId, 'b1')).toBe('Do it well.');
    expect(await store.head(townId)).toMatchObject({ version: town.head.version + 1, dueAt: LATER });
    expect(await store.log(townId, 1)).toEqual([
      {
        version: town.head.version + 1,
        at: LATER,
        decisions: [
          expect.objectContaining({
            id: `${town.head.version + 1}-0`,
            rule: 'api/edit-bead',
            subject: { kind: 'bead', id: 'b1' },
            reason: 'asked for by ann',
          }),
        ],
      },
    ]);
  });

  it('keeps settings under the next revision, and without what was taken out', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    await store.edit(
      await liveTown(store, townId),
      ofTown(townId, { config: { maxPolecatsPerRig: 4 } }),
      LATER,
    );
    expect(await store.config(townId)).toMatchObject({ rev: 2, maxPolecatsPerRig: 4 });
    await store.edit(await liveTown(store, townId), ofTown(townId, { config: {} }), LATER);
    expect(await store.config(townId)).toEqual((await liveTown(store, townId)).config);
    expect(await store.config(townId)).toMatchObject({ rev: 3 });
    expect(await store.config(townId)).not.toHaveProperty('maxPolecatsPerRig');
    expect(await store.config('no-such-town')).toBeUndefined();
  });

  it('pauses and resumes: since when, by whom, and shown in the log', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const pause = ofTown(townId, { rule: 'api/pause', from: 'active', to: 'paused', lifecycle: 'paused' });
    await store.edit(await liveTown(store, townId), pause, LATER);
    expect(await store.head(townId)).toMatchObject({
      lifecycle: 'paused',
      lifecycleSince: LATER,
      lifecycleBy: 'ann',
      version: 2,
      dueAt: LATER,
    });
    // A later change of something else leaves that as it is.
    await store.edit(await liveTown(store, townId), ofTown(townId), LATER + 5);
    expect(await store.head(townId)).toMatchObject({ lifecycleSince: LATER, lifecycleBy: 'ann', version: 3 });
    const resume = { ...pause, rule: 'api/resume', from: 'paused', to: 'active', by: 'bob' } as const;
    await store.edit(await liveTown(store, townId), { ...resume, lifecycle: 'active' }, LATER + 9);
    expect(await store.head(townId)).toMatchObject({
      lifecycle: 'active',
      lifecycleSince: LATER + 9,
      lifecycleBy: 'bob',
    });
    const shown = (await store.log(townId, 10)).flatMap(({ decisions }) =>
      decisions.map(({ rule, from, to }) => ({ rule, from, to })),
    );
    expect(shown).toEqual([
      { rule: 'api/resume', from: 'paused', to: 'active' },
      { rule: 'api/edit', from: undefined, to: undefined },
      { rule: 'api/pause', from: 'active', to: 'paused' },
    ]);
  });

  const others: { other: string; write: (store: TownStore, townId: string) => Promise<void> }[] = [
    {
      other: 'another edit',
      write: async (store, id) => store.edit(await liveTown(store, id), ofTown(id), NOW),
    },
    { other: 'a statement', write: (store, id) => store.addInbox(id, statement('i1')) },
    {
      other: 'a commit',
      write: (store, id) => act(store, id, NOW, (draft) => draft.put('bead', bead('b2'))),
    },
  ];
  it.each(others)('writes nothing at all when $other came between', async ({ write }) => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    await store.create(await liveTown(store, townId), { beads: [bead('b1')] }, NOW);
    const { town, edit } = await retitled(store, townId, 'Late');
    await write(store, townId);
    const before = await items(pk);
    const all = {
      ...edit,
      config: { maxPolecatsPerRig: 9 },
      lifecycle: 'paused',
      bodies: new Map([['b1', 'x']]),
    } as const;
    await expect(store.edit(town, all, LATER)).rejects.toBeInstanceOf(VersionConflict);
    expect(await items(pk)).toEqual(before);
  });

  it('makes a commit fail that was decided on what it changed', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const decidedOn = await liveTown(store, townId);
    await store.edit(await liveTown(store, townId), ofTown(townId, { lifecycle: 'paused' }), LATER);
    const draft = new Draft(decidedOn, LATER);
    draft.put('bead', bead('b2'));
    const late = store.commit(decidedOn, outcome({ changes: draft.changes() }), LATER);
    await expect(late).rejects.toBeInstanceOf(VersionConflict);
  });

  it('says that a record is not there any more, and keeps the version', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    const town = await liveTown(store, townId);
    const record = bead('b1', { title: 'New' });
    const changes = [{ op: 'update' as const, kind: 'bead' as const, before: bead('b1'), record }];
    const before = await items(pk);
    await expect(store.edit(town, ofTown(townId, { changes }), LATER)).rejects.toBeInstanceOf(Conflict);
    expect(await items(pk)).toEqual(before);
  });

  it('gives a race of edits to one of them', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const town = await liveTown(store, townId);
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => store.edit(town, ofTown(townId, { config: { maxPolecatsPerRig: n } }), LATER)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = results.findIndex(({ status }) => status === 'fulfilled') + 1;
    expect(await store.config(townId)).toMatchObject({ rev: 2, maxPolecatsPerRig: winner });
    expect((await store.log(townId, 10)).length).toBe(1);
  });
}
