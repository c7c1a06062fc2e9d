import { expect, test } from 'vitest';
import { agentLost } from '../../../core/rules/agent-lost.ts';
import { desiredStateRule } from '../../../core/rules/desired-state.ts';
import { minutes, seconds } from '../../../core/town/instant.ts';
import type { Agent } from '../../../core/town/agent.ts';
import { rows } from './rules/rows.ts';
import {
  agent,
  container,
  decided,
  mail,
  observed,
  report,
  runRules,
  step,
  T0,
  town,
  type TownParts,
} from './town-builder.ts';

const mayor = (over: Partial<Agent> = {}): Agent =>
  agent('mayor', { role: 'mayor', rigId: '', attempt: 2, status: 'working', dispatchedAt: T0, ...over });

const desiredIn = (parts: TownParts, afterMs = 0) =>
  runRules([desiredStateRule], town({ container: container('running'), ...parts }), afterMs).container;

test('a mayor is told all that waits for it, a few messages at a time, with what an earlier session was told marked', () => {
  const mails = [
    mail('1', 'mayor', { attempt: 1 }),
    mail('2', 'mayor', { attempt: 2 }),
    mail('3', 'mayor', { attempt: 2, mode: 'queue' }),
    ...['4', '5', '6', '7'].map((id) => mail(id, 'mayor', { attempt: 2 })),
    mail('8', 'somebody else', { attempt: 2 }),
  ];
  const desired = desiredIn({ agents: [mayor()], mails })?.desired;
  expect(desired?.agents).toMatchObject([
    { role: 'mayor', rigId: '', attempt: 2, work: { kind: 'chat', isWaiting: false, repliesTaken: 0 } },
  ]);
  const messages = desired?.agents[0]?.messages ?? [];
  expect(messages.map(({ messageId }) => messageId)).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(messages.filter(({ isRepeated }) => isRepeated === true)).toMatchObject([{ messageId: '1' }]);
});

test.each<[string, TownParts, number | undefined]>([
  ['a mayor at work holds the container', { agents: [mayor()] }, undefined],
  [
    'so does one that has something to answer',
    { agents: [mayor({ status: 'waiting' })], mails: [mail('m', 'mayor')] },
    undefined,
  ],
  [
    'what is only to be said with the next thing does not',
    { agents: [mayor({ status: 'waiting' })], mails: [mail('m', 'mayor', { mode: 'queue' })] },
    T0 + 1000,
  ],
  ['one that waits for people idles', { agents: [mayor({ status: 'waiting' })] }, T0 + 1000],
  [
    'from when somebody last looked at it, however long the container has been idle',
    {
      agents: [mayor({ status: 'waiting', lastActiveAt: T0 + 900 })],
      container: container('running', { idleSince: T0 }),
    },
    T0 + 900,
  ],
  ['a mayor without a session is nothing to run', { agents: [mayor({ status: 'idle' })] }, T0 + 1000],
])('%s', (_, parts, idleSince) => {
  expect(desiredIn(parts, 1000)?.idleSince).toBe(idleSince);
});

rows(agentLost, T0, [
  {
    situation: 'a mayor that the running container has not reported yet',
    town: { agents: [mayor()], container: container('running') },
    waits: ['agent mayor: progressing on agent'],
    dueAfterMs: minutes(5),
  },
  {
    situation: 'a mayor that did not start in time',
    town: { agents: [mayor()], container: container('running') },
    afterMs: minutes(5),
    decides: ['agent mayor: working → idle'],
    reason: 'did not start within 5 minutes',
  },
  {
    situation: 'a mayor in its session',
    town: {
      agents: [mayor()],
      container: container('running'),
      observed: observed({ agents: [report('mayor', 'working', { attempt: 2 })] }),
    },
    waits: [],
  },
  {
    situation: 'a mayor that waits for people may be missing from a report',
    town: { agents: [mayor({ status: 'waiting' })], container: container('running') },
    waits: [],
  },
]);

test('a container that is gone takes the session with it, and what was not answered starts the next one', () => {
  const gone = (mails: TownParts['mails'] = []) =>
    step(
      town({
        agents: [mayor({ status: 'waiting' })],
        mails,
        container: container('running'),
        observed: observed({ syncedAt: T0 }),
      }),
      [{ type: 'task_stopped', epoch: 1, reason: 'killed', exitCode: 137 }],
      seconds(1),
    );
  expect(decided(gone())).toEqual(['container 1: running → absent', 'agent mayor: waiting → idle']);
  expect(decided(gone([mail('m', 'mayor', { attempt: 2 })]))).toEqual([
    'container 1: running → absent',
    'agent mayor: waiting → idle',
    'agent mayor: idle → working',
    'container 2: absent → starting',
  ]);
});

test('a mayor that is stopped by a person does not start again for what it was asked', () => {
  const stop = (type: 'agent_stopped' | 'agent_reset') =>
    step(
      town({
        agents: [mayor()],
        mails: [mail('m', 'mayor', { attempt: 2 })],
        container: container('running'),
        observed: observed(),
        inbox: [{ type, agentId: 'mayor', by: 'alice' }],
      }),
    );
  expect(decided(stop('agent_stopped'))).toEqual(['agent mayor: working → idle']);
  expect(decided(stop('agent_reset'))).toEqual([
    'agent mayor: working → idle',
    'agent mayor: idle → working',
  ]);
});
