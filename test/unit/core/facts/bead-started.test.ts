import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { bead } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const started: InboxStatement = { type: 'bead_started', beadId: 'a', by: 'ann' };
const held = { beads: [bead('a', { isHeld: true })], inbox: [started] };

rows([
  {
    situation: 'a held bead may start',
    town: held,
    applied: 1,
    decides: ['bead a: held → open'],
    reason: 'started by ann',
  },
  {
    situation: 'twice is once',
    town: { ...held, inbox: [started, started] },
    applied: 1,
    stale: 1,
    decides: ['bead a: held → open'],
  },
  { situation: 'one that is not held', town: { beads: [bead('a')], inbox: [started] }, stale: 1 },
  { situation: 'one that has ended', town: { inbox: [started] }, stale: 1 },
]);

test('it is open, and not held any more', () => {
  expect(left(held)).toMatchObject([{ id: 'a', isHeld: false, status: 'open', rev: 2 }]);
});
