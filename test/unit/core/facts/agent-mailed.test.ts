import { expect, test } from 'vitest';
import { mayorIdOf } from '../../../../core/acts/mayor.ts';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, mail, T0, workedBead, worker } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const mailed: InboxStatement = {
  type: 'agent_mailed',
  agentId: 'x',
  attempt: 1,
  to: 'y',
  messageId: 'n',
  text: 'the parser changes',
};
const work = {
  beads: [workedBead('a', 'x'), workedBead('b', 'y')],
  agents: [worker('x', 'a'), worker('y', 'b', { attempt: 3 })],
};
const mayorId = mayorIdOf({ id: 'town', createdAt: T0 });
const mayor = agent(mayorId, { role: 'mayor', name: 'mayor', rigId: '' });
const toMayor = { ...mailed, to: mayorId };

rows([
  {
    situation: 'an agent writes to another one at work',
    town: { ...work, inbox: [mailed] },
    applied: 1,
    decides: ['agent y'],
    reason: 'x wrote to it',
  },
  {
    situation: 'a session that is over says nothing any more',
    town: { ...work, agents: [agent('x', { attempt: 1 }), worker('y', 'b')], inbox: [mailed] },
    stale: 1,
  },
  {
    situation: 'nor does an earlier one',
    town: { ...work, inbox: [{ ...mailed, attempt: 0 }] },
    stale: 1,
  },
  {
    situation: 'an idle agent hears nothing',
    town: { ...work, agents: [worker('x', 'a'), agent('y')], inbox: [mailed] },
    stale: 1,
  },
  { situation: 'no such agent', town: { ...work, inbox: [{ ...mailed, to: 'z' }] }, stale: 1 },
  {
    situation: 'the same call again',
    town: { ...work, mails: [mail('n', 'y', { attempt: 3 })], inbox: [mailed] },
    stale: 1,
  },
  {
    situation: 'to the mayor, who has no session',
    town: { ...work, agents: [...work.agents, mayor], inbox: [toMayor] },
    applied: 1,
    decides: [`agent ${mayorId}`],
  },
  {
    situation: 'to a mayor whom nobody has asked for yet',
    town: { ...work, inbox: [toMayor] },
    applied: 1,
    decides: [`agent ${mayorId}`],
  },
]);

test('it is for the session that runs, after its turn', () => {
  expect(left({ ...work, inbox: [mailed] })).toMatchObject([
    { op: 'create', kind: 'mail', id: 'n', agentId: 'y', attempt: 3, mode: 'wait-idle' },
  ]);
});

test('the mayor hears it with what it is told next: no agent starts a session of it', () => {
  expect(left({ ...work, agents: [...work.agents, mayor], inbox: [toMayor] })).toMatchObject([
    { kind: 'mail', agentId: mayorId, mode: 'queue' },
  ]);
});
