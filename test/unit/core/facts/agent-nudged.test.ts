import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { agent, mail, step, town, workedBead, worker } from '../town-builder.ts';
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
