import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import type { Convoy } from '../../../../core/town/convoy.ts';
import { bead, convoy, workedBead, worker } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const edge = (id: string, outcome: 'open' | 'closed' | 'failed' = 'open') => ({ id, outcome });
const remove: InboxStatement = { type: 'convoy_bead_removed', convoyId: 'k', beadId: 'a', by: 'ann' };
const mine = bead('a', { convoyId: 'k' });
const open = convoy('k', { beads: [edge('a')] });
const attention = { code: 'failed_beads', message: 'beads failed' };
const stuck = (beads: Convoy['beads'], over: Partial<Convoy> = {}) =>
  convoy('k', { state: 'needs_attention', attention, beads, ...over });

rows([
  {
    situation: 'a bead that nobody has begun leaves',
    town: { beads: [mine], convoys: [open], inbox: [remove] },
    applied: 1,
    decides: ['convoy k'],
    reason: 'bead a removed by ann',
  },
  {
    situation: 'one that failed is left behind: the convoy goes on without it',
    town: { convoys: [stuck([edge('a', 'failed'), edge('b', 'closed')])], inbox: [remove] },
    applied: 1,
    decides: ['convoy k: needs_attention → active'],
  },
  {
    situation: 'one of two that failed: it needs attention still',
    town: { convoys: [stuck([edge('a', 'failed'), edge('b', 'failed')])], inbox: [remove] },
    applied: 1,
    decides: ['convoy k'],
  },
  {
    situation: 'it needs attention for something else',
    town: {
      convoys: [stuck([edge('a', 'failed')], { attention: { code: 'landing_exhausted', message: 'x' } })],
      inbox: [remove],
    },
    applied: 1,
    decides: ['convoy k'],
  },
  {
    situation: 'one that is merged is part of the branch',
    town: { convoys: [convoy('k', { beads: [edge('a', 'closed')] })], inbox: [remove] },
    stale: 1,
  },
  {
    situation: 'one that is worked on',
    town: {
      beads: [workedBead('a', 'x', { convoyId: 'k' })],
      agents: [worker('x', 'a')],
      convoys: [open],
      inbox: [remove],
    },
    stale: 1,
  },
  {
    situation: 'one that was worked on: its branch began at the convoy',
    town: { beads: [{ ...mine, branch: 'gt/a' }], convoys: [open], inbox: [remove] },
    stale: 1,
  },
  {
    situation: 'of a convoy that somebody closes',
    town: { beads: [mine], convoys: [{ ...open, closing: { by: 'bob', reason: 'x' } }], inbox: [remove] },
    stale: 1,
  },
  {
    situation: 'one that is no part of it',
    town: { beads: [bead('a')], convoys: [convoy('k')], inbox: [remove] },
    stale: 1,
  },
  { situation: 'no such convoy', town: { beads: [bead('a')], inbox: [remove] }, stale: 1 },
]);

test('it is a bead of its own from then on; whoever waits for it still does', () => {
  const beads = [mine, bead('b', { convoyId: 'k', dependsOn: [edge('a')] })];
  const convoys = [convoy('k', { beads: [edge('a'), edge('b')] })];
  expect(left({ beads, convoys, inbox: [remove] })).toMatchObject([
    { kind: 'bead', id: 'a', convoyId: undefined },
    { kind: 'convoy', beads: [edge('b')] },
  ]);
});
