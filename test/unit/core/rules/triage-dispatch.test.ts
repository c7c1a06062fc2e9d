import { expect, test } from 'vitest';
import { triageDispatch } from '../../../../core/rules/triage-dispatch.ts';
import { seconds, minutes } from '../../../../core/town/instant.ts';
import {
  agent,
  claimedBead,
  container,
  escalation,
  observed,
  rig,
  runRules,
  step,
  T0,
  town,
  type TownParts,
  triageRequest,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const request = (over: Parameters<typeof triageRequest>[1] = {}) =>
  triageRequest('t', { agentId: 'toast', attempt: 1, beadId: 'a', ...over });
const stuck = (...requests: ReturnType<typeof triageRequest>[]): TownParts => ({
  beads: [workedBead('a', 'toast')],
  agents: [worker('toast', 'a')],
  triageRequests: requests,
  container: container('running'),
});
const triage = worker('tri', '', { role: 'triage', hook: { kind: 'triageRequest', id: 't' } });
const looking: TownParts = {
  ...stuck(request({ assigneeAgentId: 'tri', attempts: 1 })),
  agents: [worker('toast', 'a'), triage],
};
const idleTriage = agent('tri', { role: 'triage', attempt: 1 });
const deserted = (over: Parameters<typeof triageRequest>[1] = {}): TownParts => ({
  ...stuck(request({ attempts: 1, ...over })),
  agents: [worker('toast', 'a'), idleTriage],
});
const waits = 'triageRequest t: progressing on a decision';
const breaker = (state: 'open' | 'halfOpen') => ({ breaker: { state, since: T0, failedAt: [T0] } });

rows(triageDispatch, T0, [
  {
    situation: 'a triage agent takes it',
    town: stuck(request()),
    decides: ['triageRequest t'],
    reason: 'triage looks at it, attempt 1',
    dueAfterMs: minutes(30),
  },
  {
    situation: 'an idle one before a new one',
    town: {
      ...stuck(request()),
      agents: [worker('toast', 'a'), agent('tri', { role: 'triage', name: 'tri' })],
    },
    decides: ['triageRequest t'],
    reason: 'tri looks at it, attempt 1',
  },
  {
    situation: 'while it looks at it, nobody else does',
    town: looking,
    waits: [waits],
    reason: 'stuck: triage looks at it',
    dueAfterMs: minutes(30),
  },
  {
    situation: 'one thing at a time: the other one waits',
    town: {
      ...looking,
      beads: [workedBead('a', 'toast'), workedBead('b', 'birch')],
      agents: [worker('toast', 'a'), worker('birch', 'b'), triage],
      triageRequests: [
        request({ assigneeAgentId: 'tri', attempts: 1 }),
        triageRequest('u', { agentId: 'birch', attempt: 1, beadId: 'b' }),
      ],
    },
    waits: [waits, 'triageRequest u: progressing on a decision', 'triageRequest u: queued on capacity'],
  },
  {
    situation: 'no place in the container',
    town: { ...stuck(request()), config: { container: { memoryGiB: 2 } } },
    waits: [waits, 'triageRequest t: queued on capacity'],
  },
  {
    situation: 'a session that ended without a decision: the next one waits for a while',
    town: deserted({ assigneeAgentId: 'tri' }),
    waits: [waits, 'triageRequest t: waiting on cooldown'],
    dueAfterMs: seconds(30),
  },
  {
    situation: 'then there is another one',
    town: deserted({ cooldownFrom: T0 }),
    afterMs: seconds(30),
    decides: ['triageRequest t'],
    reason: 'attempt 2',
  },
  {
    situation: 'after three of them people are told',
    town: deserted({ attempts: 3, cooldownFrom: T0 }),
    decides: ['triageRequest t: open → over', 'escalation 019b76da-a800-7863-ac77-cfdff0a4e8d6: → open'],
    reason: 'nobody has decided',
  },
  {
    situation: 'and after half an hour, while triage still looks at it',
    town: looking,
    afterMs: minutes(30),
    decides: ['triageRequest t: open → over', 'escalation 019b76f6-1f40-7863-ac77-cfdff0a4e8d6: → open'],
  },
  {
    situation: 'what an agent asked for is with people already',
    town: {
      ...stuck(request({ type: 'escalation', escalationId: 'e' })),
      escalations: [escalation('e', { agentId: 'toast' })],
    },
    afterMs: minutes(30),
    decides: ['triageRequest t: open → over'],
  },
  {
    situation: 'it is over with the session that it is about',
    town: { ...stuck(request()), beads: [], agents: [agent('toast', { attempt: 1 })] },
    decides: ['triageRequest t: open → over'],
    reason: 'what it is about is over',
  },
  {
    situation: 'also where that agent works on something else by now',
    town: { ...stuck(request()), agents: [worker('toast', 'a', { attempt: 2 })] },
    decides: ['triageRequest t: open → over'],
  },
  {
    situation: 'or says that it is done',
    town: { ...looking, beads: [claimedBead('a', 'toast')] },
    decides: ['triageRequest t: open → over'],
  },
  {
    situation: 'or people have dealt with what it asked for',
    town: stuck(request({ type: 'escalation', escalationId: 'e' })),
    decides: ['triageRequest t: open → over'],
  },
  {
    situation: 'a container on its way out takes nobody',
    town: { ...stuck(request()), container: container('running'), observed: observed({ phase: 'drained' }) },
    waits: [waits],
  },
  {
    situation: 'the breaker holds for triage, too',
    town: { ...stuck(request()), head: breaker('open') },
    waits: [waits, 'triageRequest t: waiting on the breaker'],
  },
  {
    situation: 'and so do budgets',
    town: {
      ...stuck(request()),
      head: { spent: { inputTokens: 9, outputTokens: 0, costUsd: 0, containerMs: 0 } },
      config: { budgets: { town: { softTokens: 5 } } },
    },
    waits: [waits, 'triageRequest t: needs_attention on the budget'],
  },
]);

test('half-open, the breaker tries one with it', () => {
  const { head } = runRules([triageDispatch], town({ ...stuck(request()), head: breaker('halfOpen') }));
  expect(head.breaker).toMatchObject({ state: 'halfOpen', probeAgentId: expect.any(String) });
});

test('in a town that is paused nobody decides', () => {
  const { decisions, dueAt } = step(
    town({ ...stuck(request()), head: { lifecycle: 'paused' } }),
    [],
    minutes(45),
  );
  expect([decisions.filter(({ rule }) => rule === 'triage/dispatch'), dueAt]).toEqual([
    [],
    expect.anything(),
  ]);
});

test('the container runs it without a repository: all that it decides on is in its work', () => {
  const { container: next } = step(
    town({ ...stuck(request({ title: 'no progress', text: 'help' })), rigs: [rig()] }),
  );
  expect(next?.desired.agents.filter(({ role }) => role === 'triage')).toMatchObject([
    {
      name: 'triage',
      work: {
        kind: 'triage',
        requestId: 't',
        type: 'stuck_agent',
        title: 'no progress',
        text: 'help',
        agentName: 'toast',
        beadTitle: 'Bead a',
      },
    },
  ]);
});
