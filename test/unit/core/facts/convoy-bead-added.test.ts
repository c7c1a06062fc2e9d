import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { MAX_DEPENDENTS } from '../../../../core/town/bead.ts';
import type { Convoy } from '../../../../core/town/convoy.ts';
import { bead, convoy, rig, workedBead, worker } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const edge = (id: string, outcome: 'open' | 'closed' | 'failed' = 'open') => ({ id, outcome });
const add = (dependsOn: readonly string[] = []): InboxStatement => ({
  type: 'convoy_bead_added',
  convoyId: 'k',
  beadId: 'new',
  dependsOn: [...dependsOn],
  by: 'ann',
});
const member = bead('a', { convoyId: 'k' });
const of = (over: Partial<Convoy> = {}) =>
  convoy('k', { beads: [edge('a'), edge('gone', 'closed')], ...over });
const joins = ['convoy k'];

rows([
  {
    situation: 'a bead that nobody has begun joins',
    town: { beads: [member, bead('new')], convoys: [of()], inbox: [add()] },
    applied: 1,
    decides: joins,
    reason: 'bead new added by ann',
  },
  {
    situation: 'a staged convoy',
    town: { beads: [member, bead('new')], convoys: [of({ state: 'staged' })], inbox: [add()] },
    applied: 1,
    decides: joins,
  },
  {
    situation: 'a convoy that lands',
    town: {
      beads: [bead('new')],
      convoys: [of({ state: 'landing', beads: [edge('gone', 'closed')] })],
      inbox: [add()],
    },
    stale: 1,
  },
  {
    situation: 'a convoy that somebody closes',
    town: {
      beads: [member, bead('new')],
      convoys: [of({ closing: { by: 'bob', reason: 'x' } })],
      inbox: [add()],
    },
    stale: 1,
  },
  { situation: 'no such convoy', town: { beads: [bead('new')], inbox: [add()] }, stale: 1 },
  { situation: 'no such bead', town: { beads: [member], convoys: [of()], inbox: [add()] }, stale: 1 },
  {
    situation: 'a bead that is worked on: its branch began elsewhere',
    town: {
      beads: [member, workedBead('new', 'x')],
      agents: [worker('x', 'new')],
      convoys: [of()],
      inbox: [add()],
    },
    stale: 1,
  },
  {
    situation: 'a bead that was worked on',
    town: { beads: [member, bead('new', { branch: 'gt/new' })], convoys: [of()], inbox: [add()] },
    stale: 1,
  },
  {
    situation: 'a bead of another convoy',
    town: {
      beads: [member, bead('new', { convoyId: 'other' })],
      convoys: [of(), convoy('other', { beads: [edge('new')] })],
      inbox: [add()],
    },
    stale: 1,
  },
  {
    situation: 'a bead of another rig',
    town: {
      rigs: [rig(), rig({ id: 'other' })],
      beads: [member, bead('new', { rigId: 'other' })],
      convoys: [of()],
      inbox: [add()],
    },
    stale: 1,
  },
  {
    situation: 'a circle: what it is to wait for waits for it',
    town: {
      beads: [bead('a', { convoyId: 'k', dependsOn: [edge('new')] }), bead('new')],
      convoys: [of()],
      inbox: [add(['a'])],
    },
    stale: 1,
  },
  {
    situation: 'more would wait for one bead than its end can tell in one step',
    town: {
      beads: [
        member,
        bead('new'),
        ...Array.from({ length: MAX_DEPENDENTS }, (_, n) => bead(`d${n}`, { dependsOn: [edge('a')] })),
      ],
      convoys: [of()],
      inbox: [add(['a'])],
    },
    stale: 1,
  },
  {
    situation: 'twice is once',
    town: { beads: [member, bead('new')], convoys: [of()], inbox: [add(), add()] },
    applied: 1,
    stale: 1,
    decides: joins,
  },
]);

test('it waits for beads of the convoy, once each, as they stand; others are none of its business', () => {
  const beads = [bead('elsewhere'), member, bead('new', { dependsOn: [edge('a')] })];
  const inbox = [add(['gone', 'a', 'gone', 'elsewhere'])];
  expect(left({ beads, convoys: [of()], inbox })).toMatchObject([
    { kind: 'bead', id: 'new', convoyId: 'k', dependsOn: [edge('a'), edge('gone', 'closed')] },
    { kind: 'convoy', beads: [edge('a'), edge('gone', 'closed'), edge('new')] },
  ]);
});
