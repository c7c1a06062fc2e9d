import { expect, test } from 'vitest';
import { escalationOpen } from '../../../../core/rules/escalation-open.ts';
import { minutes } from '../../../../core/town/instant.ts';
import { agent, escalation, mail, runRules, T0, town, workedBead, worker } from '../town-builder.ts';
import { rows } from './rows.ts';

const HOUR_MS = minutes(60);
const one = { escalations: [escalation('e', { severity: 'critical', title: 'No access' })] };
const medium = (over = {}) => ({ escalations: [escalation('e', { title: 'No access', ...over })] });
const waits = ['escalation e: needs_attention on acknowledgement'];
const stuck = (attempt: number) =>
  medium({ category: 'stuck_agent', agentId: 'toast', attempt, severity: 'critical' });

rows(escalationOpen, T0, [
  { situation: 'a person has to look', town: one, waits, reason: '(critical): No access', dueAfterMs: null },
  {
    situation: 'in a paused town, too; there it does not grow more urgent',
    town: { ...medium(), head: { lifecycle: 'paused' } },
    afterMs: 5 * HOUR_MS,
    waits,
    reason: 'No access',
    dueAfterMs: null,
  },
  { situation: 'nobody asks for help', town: {}, waits: [] },
  {
    situation: 'one that is not critical waits four hours for somebody',
    town: medium(),
    afterMs: 4 * HOUR_MS - 1,
    waits,
    dueAfterMs: 4 * HOUR_MS,
  },
  {
    situation: 'then it is raised',
    town: medium(),
    afterMs: 4 * HOUR_MS,
    decides: ['escalation e: medium → high'],
    reason: 'nobody has acknowledged it',
    dueAfterMs: 12 * HOUR_MS,
  },
  {
    situation: 'the second time after eight hours more',
    town: medium({ severity: 'high', raised: 1, raisedAt: T0 }),
    afterMs: 8 * HOUR_MS - 1,
    waits,
    dueAfterMs: 8 * HOUR_MS,
  },
  {
    situation: 'at most three times',
    town: medium({ raised: 3, raisedAt: T0 }),
    afterMs: 100 * HOUR_MS,
    waits,
    dueAfterMs: null,
  },
  {
    situation: 'what the town noticed of a session stays while the session goes on',
    town: { ...stuck(1), beads: [workedBead('a', 'toast')], agents: [worker('toast', 'a')] },
    waits,
    reason: 'the town noticed',
  },
  {
    situation: 'it is over with another session of the agent',
    town: { ...stuck(1), beads: [workedBead('a', 'toast')], agents: [worker('toast', 'a', { attempt: 2 })] },
    decides: ['escalation e: open → over'],
  },
  {
    situation: 'it is over when the agent is idle',
    town: { ...stuck(1), agents: [agent('toast', { attempt: 1 })] },
    decides: ['escalation e: open → over'],
  },
  {
    situation: 'it is over when the agent is gone',
    town: stuck(1),
    decides: ['escalation e: open → over'],
  },
]);

const told = (severity: 'low' | 'medium', waiting = 0) => {
  const mayor = agent('mayor', { role: 'mayor', rigId: '' });
  const mails = Array.from({ length: waiting }, (_, n) => mail(`l${n}`, 'mayor', { mode: 'queue' }));
  const of = town({ ...medium({ severity }), agents: [mayor], mails });
  return runRules([escalationOpen], of, 4 * HOUR_MS).changes.flatMap((change) =>
    change.kind === 'mail' && change.op === 'create' ? [change.record] : [],
  );
};

test('the mayor hears of it: at once of what is urgent, else with what it is told next', () => {
  expect(told('medium')).toMatchObject([{ agentId: 'mayor', mode: 'wait-idle', attempt: 1 }]);
  expect(told('low')).toMatchObject([{ agentId: 'mayor', mode: 'queue' }]);
});

test('a mayor that nobody talks to does not get to hear of everything', () => {
  expect(told('low', 19)).toHaveLength(1);
  expect(told('low', 20)).toEqual([]);
});
