import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, mail, step, T0, town, workedBead, worker } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const nudge: InboxStatement = {
  type: 'agent_nudged',
  agentId: 'x',
  messageId: 'n',
  text: 'look at the tests',
  mode: 'immediate',
  by: 'ann',
};
const work = { beads: [workedBead('a', 'x', { attempt: 2 })], agents: [worker('x', 'a', { attempt: 2 })] };

rows([
  {
    situation: 'an agent at work is told',
    town: { ...work, inbox: [nudge] },
    applied: 1,
    decides: ['agent x'],
    reason: 'nudged by ann',
  },
  { situation: 'one that is idle cannot hear', town: { agents: [agent('x')], inbox: [nudge] }, stale: 1 },
  { situation: 'no such agent', town: { inbox: [nudge] }, stale: 1 },
  {
    situation: 'by an agent at work',
    town: {
      ...work,
      agents: [...work.agents, worker('y', 'b')],
      beads: [...work.beads, workedBead('b', 'y')],
      inbox: [{ ...nudge, from: { agentId: 'y', attempt: 1 } }],
    },
    applied: 1,
    decides: ['agent x'],
  },
  {
    situation: 'by a session that is over',
    town: {
      ...work,
      agents: [...work.agents, agent('y', { attempt: 1 })],
      inbox: [{ ...nudge, from: { agentId: 'y', attempt: 1 } }],
    },
    stale: 1,
  },
  {
    situation: 'by an earlier session of the agent',
    town: { ...work, inbox: [{ ...nudge, from: { agentId: 'x', attempt: 1 } }] },
    stale: 1,
  },
  {
    situation: 'what waits to be said is not said twice',
    town: { ...work, mails: [mail('n', 'x')], inbox: [nudge] },
    stale: 1,
  },
]);

test('it is for the session that runs', () => {
  expect(left({ ...work, inbox: [nudge] })).toMatchObject([
    { op: 'create', kind: 'mail', id: 'n', attempt: 2, text: 'look at the tests', mode: 'immediate' },
  ]);
});

test('it reaches the container at once', () => {
  const { container } = step(town({ ...work, inbox: [nudge] }));
  expect(container?.desired.agents).toMatchObject([
    { agentId: 'x', messages: [{ messageId: 'n', text: 'look at the tests', mode: 'immediate' }] },
  ]);
});

test('to a session that ends in the same step, nothing is said and nothing is left', () => {
  const stop: InboxStatement = { type: 'agent_stopped', agentId: 'x', by: 'bob' };
  const outcome = step(town({ ...work, inbox: [nudge, stop] }));
  expect(outcome.facts.applied).toHaveLength(2);
  expect(outcome.changes.filter(({ kind }) => kind === 'mail')).toEqual([]);
});

test('it is kept how urgent it is, and until when', () => {
  const said = { ...nudge, isUrgent: true, ttlSeconds: 90 };
  expect(left({ ...work, inbox: [said] })).toMatchObject([{ isUrgent: true, expiresAt: T0 + 90_000 }]);
});
