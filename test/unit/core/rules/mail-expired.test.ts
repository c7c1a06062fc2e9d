import { expect, test } from 'vitest';
import { mailExpired } from '../../../../core/rules/mail-expired.ts';
import { STEP_BUDGET } from '../../../../core/step.ts';
import { agent, mail, runRules, T0, town, type TownParts, workedBead, worker } from '../town-builder.ts';

const mayor = (over = {}) => agent('m', { role: 'mayor', rigId: '', attempt: 3, ...over });
const TABLE: readonly { situation: string; parts: TownParts; isDropped: boolean }[] = [
  {
    situation: 'to a session that runs',
    parts: { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')], mails: [mail('1', 'x')] },
    isDropped: false,
  },
  {
    situation: 'to the session before',
    parts: {
      beads: [workedBead('a', 'x')],
      agents: [worker('x', 'a', { attempt: 2 })],
      mails: [mail('1', 'x')],
    },
    isDropped: true,
  },
  {
    situation: 'to an agent that is idle',
    parts: { agents: [agent('x', { attempt: 1 })], mails: [mail('1', 'x')] },
    isDropped: true,
  },
  { situation: 'to an agent that is gone with its rig', parts: { mails: [mail('1', 'x')] }, isDropped: true },
  {
    situation: 'to the mayor, who has no session',
    parts: { agents: [mayor()], mails: [mail('1', 'm')] },
    isDropped: false,
  },
  {
    situation: "to the mayor's session before",
    parts: { agents: [mayor({ status: 'waiting' })], mails: [mail('1', 'm')] },
    isDropped: false,
  },
  {
    situation: 'in a paused town',
    parts: { head: { lifecycle: 'paused' }, agents: [agent('x', { attempt: 1 })], mails: [mail('1', 'x')] },
    isDropped: true,
  },
];

test.each(TABLE)('what was to be said $situation: dropped $isDropped', ({ parts, isDropped }) => {
  const { changes } = runRules([mailExpired], town(parts));
  expect(changes.map(({ op, kind }) => `${op} ${kind}`)).toEqual(isDropped ? ['delete mail'] : []);
});

const inTime = { mails: [mail('1', 'x', { mode: 'queue', expiresAt: T0 + 60_000 })] };
const atWork = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] };

test.each([
  {
    of: 'a sender may say how long',
    parts: { ...atWork, ...inTime },
    afterMs: 59_999,
    isDropped: false,
    dueAfterMs: 60_000,
  },
  {
    of: 'after that it is dropped, and that is told',
    parts: { ...atWork, ...inTime },
    afterMs: 60_000,
    isDropped: true,
    dueAfterMs: null,
  },
  {
    of: 'what was for a session that is over is dropped without a word',
    parts: { agents: [agent('x', { attempt: 1 })], ...inTime },
    afterMs: 0,
    isDropped: true,
    dueAfterMs: null,
  },
])('$of', ({ parts, afterMs, isDropped, dueAfterMs }) => {
  const { changes, decisions, dueAt } = runRules([mailExpired], town(parts), afterMs);
  expect(changes.map(({ op, kind }) => `${op} ${kind}`)).toEqual(isDropped ? ['delete mail'] : []);
  expect(decisions.map(({ reason }) => reason)).toEqual(
    afterMs === 60_000 ? ['a message was not heard in time: dropped'] : [],
  );
  expect(dueAt === undefined ? null : dueAt - T0).toBe(dueAfterMs);
});

test('more than a step has room for goes in the next one', () => {
  const mails = Array.from({ length: 200 }, (_, n) => mail(`${n}`, 'x'));
  const { changes, dueAt } = runRules([mailExpired], town({ agents: [agent('x')], mails }));
  expect([changes.length, dueAt]).toEqual([STEP_BUDGET, T0]);
});
