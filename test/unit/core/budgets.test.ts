import { describe, expect, test } from 'vitest';
import { townBudget } from '../../../core/acts/budgets.ts';
import { Draft } from '../../../core/draft.ts';
import { beadDispatch } from '../../../core/rules/bead-dispatch.ts';
import { budgetLimit } from '../../../core/rules/budget-limit.ts';
import { mayorSession } from '../../../core/rules/mayor-session.ts';
import { mergeQueueSlot } from '../../../core/rules/merge-queue-slot.ts';
import { issuesOfTown } from '../../../core/town/config/check.ts';
import type { Budgets } from '../../../core/town/config/budgets.ts';
import { minutes, seconds } from '../../../core/town/instant.ts';
import { noUsage } from '../../../core/town/usage.ts';
import { rows } from './rules/rows.ts';
import {
  agent,
  applyFacts,
  bead,
  CANDIDATE,
  claimedBead,
  container,
  convoy,
  decided,
  mail,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  reviewer,
  runRules,
  step,
  T0,
  town,
  type TownParts,
  waited,
  workedBead,
  worker,
} from './town-builder.ts';

const usage = (inputTokens: number, costUsd = 0) => ({ inputTokens, outputTokens: 0, costUsd });
const spent = (inputTokens: number, containerMs = 0) => ({ ...usage(inputTokens), containerMs });
const budgets = (of: Budgets): NonNullable<TownParts['config']> => ({ budgets: of });

/** A bead whose session has reported so much. */
const atWork = (inputTokens: number, costUsd = 0): TownParts => ({
  beads: [workedBead('a', 'x')],
  agents: [worker('x', 'a')],
  container: container('running'),
  observed: observed({ agents: [report('x', 'working', { usage: usage(inputTokens, costUsd) })] }),
});
const mayor = agent('may', { role: 'mayor', rigId: '', status: 'working', attempt: 1, dispatchedAt: T0 });

rows(budgetLimit, T0, [
  { situation: 'without a limit nobody looks', town: atWork(1e9), waits: [], dueAfterMs: null },
  {
    situation: 'a soft limit ends no session',
    town: { ...atWork(100), config: budgets({ bead: { softTokens: 1 } }) },
    waits: [],
    dueAfterMs: null,
  },
  {
    situation: 'below a hard one the session goes on, and is looked at every minute',
    town: { ...atWork(99), config: budgets({ bead: { hardTokens: 100 } }) },
    waits: ['town town: progressing on the next look'],
    dueAfterMs: seconds(60),
  },
  {
    situation: 'at it the session ends, and the next look is nobody’s',
    town: { ...atWork(100), config: budgets({ bead: { hardTokens: 100 } }) },
    decides: ['bead a: in_progress → open'],
    reason: 'budgets.bead.hardTokens is 100, and 100 are spent',
    waits: [],
    dueAfterMs: null,
  },
  {
    situation: 'earlier sessions of the bead count',
    town: {
      ...atWork(1),
      beads: [workedBead('a', 'x', { usage: usage(99) })],
      config: budgets({ bead: { hardTokens: 100 } }),
    },
    decides: ['bead a: in_progress → open'],
  },
  {
    situation: 'money',
    town: { ...atWork(1, 2.5), config: budgets({ bead: { hardCostUsd: 2.5 } }) },
    decides: ['bead a: in_progress → open'],
    reason: 'budgets.bead.hardCostUsd',
  },
  {
    situation: 'minutes of its sessions',
    town: { ...atWork(1), config: budgets({ bead: { hardContainerMinutes: 5 } }) },
    afterMs: minutes(5),
    decides: ['bead a: in_progress → open'],
    reason: 'budgets.bead.hardContainerMinutes is 5, and 5 are spent',
  },
  {
    situation: 'a convoy’s limit counts all its beads, also those that have ended',
    town: {
      ...atWork(1),
      beads: [workedBead('a', 'x', { convoyId: 'k' })],
      convoys: [
        convoy('k', { beads: [{ id: 'a', outcome: 'open' }], spent: { ...usage(99), sessionMs: 0 } }),
      ],
      config: budgets({ convoy: { hardTokens: 100 } }),
    },
    decides: ['bead a: in_progress → open'],
    reason: 'budgets.convoy.hardTokens',
  },
  {
    situation: 'the town’s limit ends the mayor’s session, too',
    town: {
      ...atWork(1),
      agents: [worker('x', 'a'), mayor],
      head: { spent: spent(99) },
      config: budgets({ town: { hardTokens: 100 } }),
    },
    decides: ['bead a: in_progress → open', 'agent may: working → idle'],
    reason: 'budgets.town.hardTokens',
  },
  {
    situation: 'another one’s limit is not the mayor’s',
    town: { agents: [mayor], container: container('running'), config: budgets({ bead: { hardTokens: 1 } }) },
    waits: ['town town: progressing on the next look'],
  },
  {
    situation: 'minutes of the town’s containers, the one that runs included',
    town: {
      ...atWork(1),
      head: { spent: spent(0, minutes(50)) },
      config: budgets({ town: { hardContainerMinutes: 60 } }),
    },
    afterMs: minutes(10),
    decides: ['bead a: in_progress → open'],
  },
  {
    situation: 'a review ends without having been an attempt',
    town: {
      beads: [reviewedBead('a', { usage: usage(100) })],
      agents: [reviewer('ref', 'm')],
      mergeRequests: [
        mergeRequest('m', 'a', {
          stage: 'reviewing',
          candidate: CANDIDATE,
          reviewerAgentId: 'ref',
          reviewAttempt: 1,
        }),
      ],
      container: container('running'),
      observed: observed({ agents: [report('ref', 'working')] }),
      config: budgets({ bead: { hardTokens: 100 } }),
    },
    decides: ['agent ref: working → idle'],
  },
  {
    situation: 'what is said to be done is verified all the same: that costs nothing',
    town: { ...atWork(100), beads: [claimedBead('a', 'x')], config: budgets({ bead: { hardTokens: 100 } }) },
    decides: ['agent x: working → idle'],
  },
]);

test('a session that was ended so is no attempt of its bead', () => {
  const of = town({ ...atWork(100), config: budgets({ bead: { hardTokens: 100 } }) });
  const [change] = runRules([budgetLimit], of).changes.filter(({ kind }) => kind === 'bead');
  expect(change).toMatchObject({
    record: { attempt: 1, attemptBase: 1, usage: usage(100), cooldownFrom: undefined },
  });
});

describe('what is reached starts no session, soft or hard', () => {
  const full = { ...usage(100), sessionMs: minutes(10) };
  test.each<[string, TownParts]>([
    [
      'of the bead',
      { beads: [bead('a', { usage: usage(100) })], config: budgets({ bead: { softTokens: 100 } }) },
    ],
    [
      'of its convoy',
      {
        beads: [bead('a', { convoyId: 'k' })],
        convoys: [convoy('k', { beads: [{ id: 'a', outcome: 'open' }], spent: full })],
        config: budgets({ convoy: { hardContainerMinutes: 10 } }),
      },
    ],
    [
      'of the town',
      { beads: [bead('a')], head: { spent: spent(100) }, config: budgets({ town: { softTokens: 100 } }) },
    ],
  ])('%s', (_, parts) => {
    const outcome = runRules([beadDispatch], town(parts));
    expect([decided(outcome), waited(outcome)]).toEqual([[], ['bead a: needs_attention on the budget']]);
    expect(outcome.waits[0]).toMatchObject({
      who: 'human',
      reason: expect.stringMatching(/until somebody raises it/),
    });
  });

  const request = (
    over: Partial<ReturnType<typeof mergeRequest>>,
    beads = [reviewedBead('a', { usage: usage(100) })],
  ): TownParts => ({
    beads,
    mergeRequests: [mergeRequest('m', 'a', over)],
    config: budgets({ bead: { softTokens: 100 } }),
  });
  const held = ['mergeRequest m: needs_attention on the budget'];

  rows(mergeQueueSlot, T0, [
    { situation: 'one that is queued stays there', town: request({}), waits: held },
    {
      situation: 'one that waits for its check gives the slot back',
      town: request({ stage: 'checking' }),
      decides: ['mergeRequest m: checking → queued'],
      waits: held,
    },
    {
      situation: 'one whose check is under way ends that first',
      town: request({ stage: 'checking', jobId: 'j' }),
      waits: [],
    },
    {
      situation: 'one that waits for a reviewer gives the slot back',
      town: request({ stage: 'reviewing', candidate: CANDIDATE }),
      decides: ['mergeRequest m: reviewing → queued'],
      waits: held,
    },
    {
      situation: 'one that is reviewed ends that first',
      town: {
        ...request({ stage: 'reviewing', candidate: CANDIDATE, reviewerAgentId: 'ref' }),
        agents: [reviewer('ref', 'm')],
      },
      waits: [],
    },
    {
      situation: 'one that only has to be merged is merged',
      town: request({ stage: 'open', candidate: CANDIDATE }),
      waits: [],
    },
    {
      situation: 'others go first',
      town: {
        ...request({}, [reviewedBead('a', { usage: usage(100) }), reviewedBead('b')]),
        mergeRequests: [mergeRequest('m', 'a'), mergeRequest('n', 'b')],
      },
      decides: ['mergeRequest n: queued → checking'],
      waits: held,
    },
  ]);

  test('below it a bead is dispatched, and so it is when somebody raises it', () => {
    const beads = [bead('a', { usage: usage(100) })];
    expect(
      decided(runRules([beadDispatch], town({ beads, config: budgets({ bead: { softTokens: 101 } }) }))),
    ).toEqual(['bead a: open → in_progress']);
  });
});

test.each([
  ['soft', { softTokens: 100 }, ['agent may: idle → working'], ['agent may: waiting on container']],
  ['hard', { hardTokens: 100 }, [], ['agent may: needs_attention on the budget']],
] as const)('at the town’s %s limit the mayor: %j', (_, limits, decides, waits) => {
  const idle = agent('may', { role: 'mayor', rigId: '' });
  const parts = {
    agents: [idle],
    mails: [mail('l', 'may')],
    head: { spent: spent(100) },
    config: budgets({ town: limits }),
  };
  const outcome = runRules([mayorSession], town(parts));
  expect([decided(outcome), waited(outcome)]).toEqual([decides, waits]);
});

test('the end of a session counts on its bead, its convoy and the town; the end of a container on the town', () => {
  const parts: TownParts = {
    ...atWork(70, 0.5),
    beads: [workedBead('a', 'x', { convoyId: 'k' })],
    convoys: [convoy('k', { beads: [{ id: 'a', outcome: 'open' }] })],
  };
  const { changes, head } = applyFacts(
    town(parts),
    [{ type: 'task_stopped', epoch: 1, reason: 'Spot' }],
    minutes(3),
  );
  const after = (kind: string) => changes.find((change) => change.kind === kind);
  const sum = { ...usage(70, 0.5), sessionMs: minutes(3) };
  expect(after('bead')).toMatchObject({ record: { usage: usage(70, 0.5), sessionMs: minutes(3) } });
  expect(after('convoy')).toMatchObject({ record: { spent: sum } });
  expect(head.spent).toEqual({ ...usage(70, 0.5), containerMs: minutes(3) });
});

test('a town at its limit settles, and does not look again by itself', () => {
  const of = { ...atWork(100), config: budgets({ bead: { hardTokens: 100 } }) };
  const waits = step(town(of)).waits.filter(
    ({ rule }) => rule === 'bead/dispatch' || rule === 'budget/limit',
  );
  expect(waits.map(({ until }) => until)).toEqual([undefined]);
});

test.each([
  [{}, { tokens: null, costUsd: null, containerMinutes: null }, 'ok'],
  [{ softTokens: 80, hardTokens: 100 }, { tokens: 10, costUsd: null, containerMinutes: null }, 'ok'],
  [{ softTokens: 60, hardTokens: 100 }, { tokens: 30, costUsd: null, containerMinutes: null }, 'soft'],
  [{ hardTokens: 70, softCostUsd: 3 }, { tokens: 0, costUsd: 2.5, containerMinutes: null }, 'hard'],
  [{ hardContainerMinutes: 5 }, { tokens: null, costUsd: null, containerMinutes: 4 }, 'ok'],
])('what is left of %j is %j: %s', (limits, left, state) => {
  const parts = { ...atWork(60, 0.5), head: { spent: spent(10) }, config: budgets({ town: limits }) };
  expect(townBudget(new Draft(town(parts), T0 + minutes(1)))).toEqual({
    state,
    spent: { tokens: 70, costUsd: 0.5, containerMinutes: 1 },
    left,
  });
});

test('a hard limit below the soft one is refused with its path', () => {
  const issues = issuesOfTown({
    budgets: { convoy: { softCostUsd: 5, hardCostUsd: 4 }, bead: { hardTokens: 1 } },
  });
  expect(issues).toEqual([
    { path: 'budgets.convoy.hardCostUsd', message: 'this is below softCostUsd, which is 5' },
  ]);
  expect(issuesOfTown({ budgets: { town: { softTokens: 5, hardTokens: 5 } } })).toEqual([]);
});

test('a town that never spent anything has spent nothing', () => {
  expect(townBudget(new Draft(town({}), T0)).spent).toEqual({
    tokens: 0,
    costUsd: noUsage.costUsd,
    containerMinutes: 0,
  });
});
