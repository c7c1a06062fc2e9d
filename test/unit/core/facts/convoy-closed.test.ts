import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { convoy } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const close: InboxStatement = { type: 'convoy_closed', convoyId: 'k', by: 'ann' };
const because = { ...close, reason: 'no need' };

rows([
  {
    situation: 'a convoy is to be closed',
    town: { convoys: [convoy('k')], inbox: [because] },
    applied: 1,
    decides: ['convoy k: active → closing'],
    reason: 'closed by ann: no need',
  },
  {
    situation: 'one that is staged, too',
    town: { convoys: [convoy('k', { state: 'staged' })], inbox: [close] },
    applied: 1,
    decides: ['convoy k: staged → closing'],
    reason: 'closed by ann',
  },
  {
    situation: 'while the town is paused',
    town: { head: { lifecycle: 'paused' }, convoys: [convoy('k')], inbox: [close] },
    applied: 1,
    decides: ['convoy k: active → closing'],
  },
  {
    situation: 'twice is once',
    town: { convoys: [convoy('k')], inbox: [close, close] },
    applied: 1,
    stale: 1,
    decides: ['convoy k: active → closing'],
  },
  { situation: 'one that has landed', town: { inbox: [close] }, stale: 1 },
]);

test('who closes it and why is kept for its beads', () => {
  expect(left({ convoys: [convoy('k')], inbox: [because] })).toMatchObject([
    { id: 'k', state: 'active', closing: { by: 'ann', reason: 'closed by ann: no need' } },
  ]);
});
