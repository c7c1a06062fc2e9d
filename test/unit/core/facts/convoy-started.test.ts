import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { convoy, T0 } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const started: InboxStatement = { type: 'convoy_started', convoyId: 'k', by: 'ann' };
const staged = { convoys: [convoy('k', { state: 'staged', stateSince: T0 - 1 })], inbox: [started] };

rows([
  {
    situation: 'a staged convoy starts',
    town: staged,
    applied: 1,
    decides: ['convoy k: staged → active'],
    reason: 'started by ann',
  },
  {
    situation: 'twice is once',
    town: { ...staged, inbox: [started, started] },
    applied: 1,
    stale: 1,
    decides: ['convoy k: staged → active'],
  },
  { situation: 'one that is active', town: { convoys: [convoy('k')], inbox: [started] }, stale: 1 },
  { situation: 'one that has landed', town: { inbox: [started] }, stale: 1 },
]);

test('it is active since now', () => {
  expect(left(staged)).toMatchObject([{ id: 'k', state: 'active', stateSince: T0 }]);
});
