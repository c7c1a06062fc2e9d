import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, bead, convoy, landing, rig } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const remove: InboxStatement = { type: 'rig_removed', rigId: 'rig', by: 'ann' };
const other = rig({ id: 'other' });

rows([
  {
    situation: 'a rig without work goes',
    town: { inbox: [remove] },
    applied: 1,
    decides: ['rig rig: → removed'],
    reason: 'removed by ann',
  },
  { situation: 'one that has a bead', town: { beads: [bead('a')], inbox: [remove] }, stale: 1 },
  {
    situation: 'one that has a convoy, and be it empty',
    town: { convoys: [convoy('k')], inbox: [remove] },
    stale: 1,
  },
  {
    situation: 'one that has a merge request',
    town: { mergeRequests: [landing('m', 'k')], inbox: [remove] },
    stale: 1,
  },
  {
    situation: 'work of another rig is none of its business',
    town: { rigs: [rig(), other], beads: [bead('a', { rigId: 'other' })], inbox: [remove] },
    applied: 1,
    decides: ['rig rig: → removed'],
  },
  {
    situation: 'twice is once',
    town: { inbox: [remove, remove] },
    applied: 1,
    stale: 1,
    decides: ['rig rig: → removed'],
  },
  {
    situation: 'its last bead is deleted just before',
    town: { beads: [bead('a')], inbox: [{ type: 'bead_deleted', beadId: 'a', by: 'ann' }, remove] },
    applied: 2,
    decides: ['bead a: open → deleted', 'rig rig: → removed'],
  },
]);

test('its agents go with it, those of others and the mayor stay; the record is kept', () => {
  const agents = [
    agent('x'),
    agent('r', { role: 'refinery' }),
    agent('y', { rigId: 'other' }),
    agent('mayor', { role: 'mayor', rigId: '' }),
  ];
  expect(left({ rigs: [rig(), other], agents, inbox: [remove] })).toMatchObject([
    { op: 'delete', kind: 'agent', id: 'x' },
    { op: 'delete', kind: 'agent', id: 'r' },
    { op: 'archive', kind: 'rig', id: 'rig' },
  ]);
});
