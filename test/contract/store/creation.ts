import { expect, it } from 'vitest';
import { Conflict, NotFound, TooLarge, VersionConflict } from '../../../core/errors.ts';
import { SCHEMA_VERSION } from '../../../core/town/head.ts';
import type { StoreSubject } from './subject.ts';
import { bead, convoy, liveTown, newTown, NOW, rig, statement, unique } from './towns.ts';

export function creationContract(getSubject: () => StoreSubject): void {
  it('makes a town with version 1 and no due time, once, and lists it for its owner alone', async () => {
    const { store } = getSubject();
    const { townId, ownerId } = await newTown(store);
    const other = await newTown(store, ownerId);
    await newTown(store);
    const head = {
      id: townId,
      name: 'Gas',
      ownerId,
      lifecycle: 'active',
      version: 1,
      schema: SCHEMA_VERSION,
    };
    const expected = { ...head, createdAt: NOW, updatedAt: NOW };
    expect(await store.head(townId)).toEqual(expected);
    const town = await liveTown(store, townId);
    expect(town).toMatchObject({
      config: { rev: 1 },
      container: { rev: 0, state: 'absent', epoch: 0 },
      inbox: [],
    });
    expect(town.observed).toBeUndefined();
    const again = store.createTown({
      head: { id: townId, name: 'Other', ownerId },
      config: { rev: 1 },
      at: NOW,
    });
    await expect(again).rejects.toBeInstanceOf(Conflict);
    expect((await store.towns(ownerId)).map(({ id }) => id).toSorted()).toEqual(
      [townId, other.townId].toSorted(),
    );
    expect([await store.towns(unique('owner')), await store.head('none'), await store.live('none')]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });

  it('creates records with their bodies, bumps the head, and shows them in the live town', async () => {
    const { store } = getSubject();
    const { townId } = await newTown(store);
    const records = {
      rigs: [rig('rig-1')],
      beads: [bead('b1', { hasBody: true })],
      convoys: [convoy('c1', ['b1'])],
    };
    await store.create(
      await liveTown(store, townId),
      { ...records, bodies: new Map([['b1', 'Do it.']]) },
      NOW + 1,
    );
    const town = await liveTown(store, townId);
    expect(town.head).toMatchObject({ version: 2, dueAt: NOW + 1, updatedAt: NOW + 1 });
    expect([...town.live.rig.values()]).toEqual(records.rigs);
    expect([...town.live.bead.values()]).toEqual(records.beads);
    expect([...town.live.convoy.values()]).toEqual(records.convoys);
    expect(await store.record(townId, 'convoy', 'c1')).toEqual(records.convoys[0]);
    expect([await store.body(townId, 'b1'), await store.body(townId, 'b2')]).toEqual(['Do it.', undefined]);
    expect(await store.record(townId, 'bead', 'c1')).toBeUndefined();
  });

  it('creates nothing when the town has changed, an id is taken or something is too large', async () => {
    const { store, items } = getSubject();
    const { townId, pk } = await newTown(store);
    const read = await liveTown(store, townId);
    const text = new Map([['b1', 'First.']]);
    await store.create(read, { rigs: [rig('rig-1')], beads: [bead('b1')], bodies: text }, NOW);
    const before = await items(pk);
    await expect(store.create(read, { beads: [bead('b2')] }, NOW)).rejects.toBeInstanceOf(VersionConflict);
    const town = await liveTown(store, townId);
    const many = Array.from({ length: 100 }, (_, index) => bead(`many-${index}`));
    const rows = [
      { records: { beads: [bead('b3'), bead('b1')] }, error: Conflict },
      { records: { beads: [bead('b4')], bodies: new Map([['b1', 'Other words.']]) }, error: Conflict },
      { records: { beads: [bead('b5')], bodies: new Map([['b5', 'x'.repeat(65_537)]]) }, error: TooLarge },
      { records: { beads: many }, error: TooLarge },
    ];
    for (const { records, error } of rows) {
      await expect(store.create(town, records, NOW)).rejects.toBeInstanceOf(error);
    }
    expect(await items(pk)).toEqual(before);
    // The same request again, after a lost race: its body stands already.
    await store.create(town, { beads: [bead('b6')], bodies: text }, NOW);
    await store.create(await liveTown(store, townId), { beads: many.slice(0, 99) }, NOW);
    expect((await liveTown(store, townId)).live.bead.size).toBe(101);
  });

  it('keeps a statement once, bumps the head each time, and refuses one to no town', async () => {
    const { store, items } = getSubject();
    const { townId } = await newTown(store);
    const later = statement('0190-b');
    const earlier = statement('0190-a');
    await store.addInbox(townId, later);
    await store.addInbox(townId, earlier);
    await store.addInbox(townId, { ...later, at: NOW + 9 });
    const town = await liveTown(store, townId);
    expect(town.inbox).toEqual([earlier, later]);
    expect(town.head).toMatchObject({ version: 4, dueAt: NOW + 9 });
    const nowhere = unique('town');
    await expect(store.addInbox(nowhere, later)).rejects.toBeInstanceOf(NotFound);
    expect(await items(`TOWN#${nowhere}`)).toEqual(new Map());
  });
}
