import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, mail, workedBead, worker } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const read: InboxStatement = { type: 'agent_mail_read', agentId: 'x', attempt: 1, messageIds: ['1', '2'] };
const work = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] };
const mails = [mail('1', 'x'), mail('2', 'x'), mail('3', 'x')];

rows([
  {
    situation: 'an agent has read what was written to it',
    town: { ...work, mails, inbox: [read] },
    applied: 1,
  },
  { situation: 'what it was told meanwhile', town: { ...work, inbox: [read] }, stale: 1 },
  {
    situation: 'what was written to another one',
    town: { ...work, mails: [mail('1', 'y')], inbox: [read] },
    stale: 1,
  },
  {
    situation: 'an earlier session of it',
    town: { ...work, mails, inbox: [{ ...read, attempt: 0 }] },
    stale: 1,
  },
  {
    situation: 'a session that is over',
    town: { agents: [agent('x', { attempt: 1 })], mails, inbox: [read] },
    stale: 1,
  },
]);

test('the rest is still to be said', () => {
  const ids = left({ ...work, mails, inbox: [read] }).map(({ op, id }) => `${op} ${id}`);
  expect(ids).toEqual(['delete 1', 'delete 2']);
});
