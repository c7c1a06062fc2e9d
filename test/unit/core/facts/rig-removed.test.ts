import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { bead, convoy, landing, rig, T0 } from '../town-builder.ts';
import { rows } from './rows.ts';

const remove: InboxStatement = { type: 'rig_removed', rigId: 'rig', by: 'ann' };
const force: InboxStatement = { ...remove, isForced: true };
const other = rig({ id: 'other' });
const removing = ['rig rig: → removing'];

rows([
  {
    situation: 'a rig without work goes',
    town: { inbox: [remove] },
    applied: 1,
    decides: removing,
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
    situation: 'one that has work, when that is meant, too',
    town: { beads: [bead('a')], convoys: [convoy('k')], inbox: [force] },
    applied: 1,
    decides: removing,
    reason: 'removed by ann',
  },
  {
    situation: 'work of another rig is none of its business',
    town: { rigs: [rig(), other], beads: [bead('a', { rigId: 'other' })], inbox: [remove] },
    applied: 1,
    decides: removing,
  },
  {
    situation: 'twice is once',
    town: { inbox: [remove, force] },
    applied: 1,
    stale: 1,
    decides: removing,
  },
  {
    situation: 'one that is being removed',
    town: { rigs: [rig({ removing: { by: 'bob', at: T0 - 1 } })], inbox: [force] },
    stale: 1,
  },
  { situation: 'one that is gone', town: { rigs: [other], inbox: [force] }, stale: 1 },
  {
    situation: 'its last bead is deleted just before',
    town: { beads: [bead('a')], inbox: [{ type: 'bead_deleted', beadId: 'a', by: 'ann' }, remove] },
    applied: 2,
    decides: ['bead a: open → deleted', ...removing],
  },
  {
    situation: 'an ended bead of it is asked for anew after that',
    town: { inbox: [force, { type: 'bead_reopened', bead: bead('z', { status: 'failed' }), by: 'bob' }] },
    applied: 1,
    stale: 1,
    decides: removing,
  },
]);
