import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { escalation, T0 } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const seen: InboxStatement = { type: 'escalation_acknowledged', escalationId: 'e', by: 'ann' };
const acknowledges = ['escalation e: open → acknowledged'];

rows([
  {
    situation: 'a person has seen it',
    town: { escalations: [escalation('e')], inbox: [seen] },
    applied: 1,
    decides: acknowledges,
    reason: 'acknowledged by ann',
  },
  {
    situation: 'twice is once',
    town: { escalations: [escalation('e')], inbox: [seen, seen] },
    applied: 1,
    stale: 1,
    decides: acknowledges,
  },
  { situation: 'no such escalation', town: { inbox: [seen] }, stale: 1 },
]);

test('it is kept with who saw it', () => {
  expect(left({ escalations: [escalation('e')], inbox: [seen] })).toMatchObject([
    { op: 'archive', kind: 'escalation', acknowledgedBy: 'ann', closedAt: T0 },
  ]);
});
