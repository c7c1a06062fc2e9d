import { expect, test } from 'vitest';
import type { AgentReport } from '../../../../core/protocol/sync.ts';
import type { Agent } from '../../../../core/town/agent.ts';
import {
  agent,
  applyFacts,
  container,
  mail,
  observed,
  report,
  T0,
  town,
  type TownParts,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const mayor = (over: Partial<Agent> = {}): Agent =>
  agent('mayor', { role: 'mayor', rigId: '', attempt: 1, status: 'working', dispatchedAt: T0, ...over });
const said = (sequence: number, text = `answer ${sequence}`) => ({
  sequence,
  text,
  at: new Date(T0).toISOString(),
});
const situation = (
  over: Partial<Agent>,
  state: AgentReport['state'],
  more: Partial<AgentReport> = {},
): TownParts => ({
  agents: [mayor(over)],
  mails: [mail('letter', 'mayor')],
  container: container('running'),
  observed: observed({ agents: [report('mayor', state, more)] }),
});
const TURN = { lastTurnAt: new Date(T0).toISOString() };

rows([
  {
    situation: 'the session is ready',
    town: situation({}, 'idle'),
    applied: 1,
    decides: ['agent mayor: working → waiting'],
    reason: 'ready',
  },
  {
    situation: 'a turn begins',
    town: situation({ status: 'waiting' }, 'working', TURN),
    applied: 1,
    decides: ['agent mayor: waiting → working'],
  },
  {
    situation: 'a turn has ended: the answer counts before the state',
    town: situation({}, 'idle', { ...TURN, replies: [said(7)], deliveredMessageIds: ['letter'] }),
    applied: 1,
    decides: ['agent mayor', 'agent mayor: working → waiting'],
    reason: 'mayor answered',
  },
  {
    situation: 'the same report again says nothing new',
    town: situation({ status: 'waiting', repliesTaken: 7, lastActiveAt: T0 }, 'idle', {
      ...TURN,
      replies: [said(7)],
    }),
  },
  { situation: 'a report of an earlier session', town: situation({ attempt: 2 }, 'failed') },
  {
    situation: 'a report of a mayor that was released',
    town: situation({ status: 'idle', repliesTaken: 1 }, 'idle', { replies: [said(1)] }),
  },
  {
    situation: 'a mayor that was released before its last answer was heard: people get it all the same',
    town: situation({ status: 'idle' }, 'idle', { replies: [said(1)], deliveredMessageIds: ['letter'] }),
    applied: 1,
    decides: ['agent mayor'],
    reason: 'mayor answered',
  },
  {
    situation: 'the session breaks',
    town: situation({}, 'failed', { reason: 'no key' }),
    applied: 1,
    decides: ['agent mayor: working → idle'],
    reason: 'mayor failed: no key',
  },
]);

const mayorAfter = (parts: TownParts) => left(parts).find(({ kind }) => kind === 'agent');

test('a session that breaks keeps the message, counts, and remembers the problem; a turn that ends well forgets it', () => {
  const broken = situation({ failures: 1 }, 'failed', { reason: 'no key' });
  expect(left(broken).filter(({ kind }) => kind === 'mail')).toEqual([]);
  expect(mayorAfter(broken)).toMatchObject({
    status: 'idle',
    failures: 2,
    lastFailedAt: T0,
    lastProblem: 'mayor failed: no key',
  });
  const failed = { failures: 2, lastFailedAt: T0, lastProblem: 'no key' };
  expect(mayorAfter(situation(failed, 'idle', TURN))).toMatchObject({
    failures: undefined,
    lastProblem: undefined,
  });
  // Only having started proves nothing.
  expect(mayorAfter(situation(failed, 'idle'))).toMatchObject({ status: 'waiting', failures: 2 });
});

test('answers become chat messages in their order, once; what was answered is no mail any more', () => {
  const parts = situation({ repliesTaken: 3 }, 'idle', {
    ...TURN,
    replies: [said(9), said(3), said(5)],
    deliveredMessageIds: ['letter'],
  });
  const outcome = applyFacts(town(parts));
  const chat = outcome.history.filter((entry) => entry.kind === 'chat');
  expect(chat.map(({ from, text }) => [from, text])).toEqual([
    ['mayor', 'answer 5'],
    ['mayor', 'answer 9'],
  ]);
  expect(chat.map(({ id }) => id)).toEqual(chat.map(({ id }) => id).toSorted());
  expect(outcome.changes.filter(({ op, kind }) => op === 'delete' && kind === 'mail')).toHaveLength(1);
  expect(mayorAfter(parts)).toMatchObject({ repliesTaken: 9 });
});

test('only turns are activity, and the clock of the container cannot place them in the future (H-02)', () => {
  const activeAt = (lastActiveAt: number, lastTurnAt?: number) =>
    mayorAfter(
      situation(
        { lastActiveAt, status: 'working' },
        'idle',
        lastTurnAt === undefined ? {} : { lastTurnAt: new Date(lastTurnAt).toISOString() },
      ),
    );
  expect(activeAt(T0 - 5000)).toMatchObject({ lastActiveAt: T0 - 5000 });
  expect(activeAt(T0 - 5000, T0 - 1000)).toMatchObject({ lastActiveAt: T0 - 1000 });
  expect(activeAt(T0 - 5000, T0 + 60_000)).toMatchObject({ lastActiveAt: T0 });
});

test('a message that a session before this one answered unheard is kept, and so is said again', () => {
  const late = situation({ attempt: 2 }, 'idle', { replies: [said(1)], deliveredMessageIds: ['letter'] });
  expect(left(late)).toEqual([]);
});

test('a person resets the mayor just when it has answered: the answer is in the chat, and nothing is said again', () => {
  const parts = situation({}, 'idle', { ...TURN, replies: [said(7)], deliveredMessageIds: ['letter'] });
  const outcome = applyFacts(
    town({ ...parts, inbox: [{ type: 'agent_reset', agentId: 'mayor', by: 'alice' }] }),
  );
  expect(outcome.history.filter((entry) => entry.kind === 'chat')).toMatchObject([
    { from: 'mayor', text: 'answer 7' },
  ]);
  expect(outcome.changes.filter(({ op, kind }) => op === 'delete' && kind === 'mail')).toHaveLength(1);
});
