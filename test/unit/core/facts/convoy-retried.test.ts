import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { convoy, T0 } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const retry: InboxStatement = { type: 'convoy_retried', convoyId: 'k', by: 'ann' };
const attention = { code: 'landing_exhausted', message: 'landing failed 5 times' };
const stuck = convoy('k', {
  state: 'needs_attention',
  attention,
  landingAttempts: 5,
  lastLandingFailedAt: T0,
});

rows([
  {
    situation: 'what needs attention tries again',
    town: { convoys: [stuck], inbox: [retry] },
    applied: 1,
    decides: ['convoy k: needs_attention → active'],
    reason: 'asked by ann',
  },
  {
    situation: 'a landing that failed does not wait for its pause',
    town: { convoys: [{ ...stuck, state: 'landing' }], inbox: [retry] },
    applied: 1,
    decides: ['convoy k: landing → landing'],
  },
  { situation: 'nothing has failed', town: { convoys: [convoy('k')], inbox: [retry] }, stale: 1 },
  {
    situation: 'somebody closes it',
    town: { convoys: [{ ...stuck, closing: { by: 'bob', reason: 'x' } }], inbox: [retry] },
    stale: 1,
  },
  {
    situation: 'twice is once',
    town: { convoys: [stuck], inbox: [retry, retry] },
    applied: 1,
    stale: 1,
    decides: ['convoy k: needs_attention → active'],
  },
  { situation: 'one that has ended', town: { inbox: [retry] }, stale: 1 },
]);

test('its landings are counted afresh', () => {
  expect(left({ convoys: [stuck], inbox: [retry] })).toMatchObject([
    { attention: undefined, landingAttempts: 0, lastLandingFailedAt: undefined, stateSince: T0 },
  ]);
});
