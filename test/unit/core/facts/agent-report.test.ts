import { expect, test } from 'vitest';
import {
  CANDIDATE,
  claimedBead,
  container,
  mail,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  reviewer,
  T0,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const work = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')], container: container('running') };
const review = {
  beads: [reviewedBead('a')],
  mergeRequests: [
    mergeRequest('m', 'a', {
      stage: 'reviewing',
      candidate: CANDIDATE,
      reviewerAgentId: 'ref',
      reviewAttempt: 1,
    }),
  ],
  agents: [reviewer('ref', 'm')],
  container: container('running'),
};
const says = (...agents: ReturnType<typeof report>[]) => ({ observed: observed({ agents }) });

rows([
  ...(['starting', 'working', 'idle'] as const).map((state) => ({
    situation: `a session that is ${state} goes on`,
    town: { ...work, ...says(report('x', state)) },
  })),
  ...(['exited', 'failed'] as const).map((state) => ({
    situation: `a session that has ${state} without being done: the bead is open again`,
    town: { ...work, ...says(report('x', state, { reason: 'out of tokens' })) },
    applied: 1,
    decides: ['bead a: in_progress → open'],
    reason: `x ${state}: out of tokens`,
  })),
  {
    situation: 'a claim under verification stands without its session',
    town: { ...work, beads: [claimedBead('a', 'x')], ...says(report('x', 'exited')) },
  },
  {
    situation: 'the end of an earlier session of the agent',
    town: { ...work, agents: [worker('x', 'a', { attempt: 2 })], ...says(report('x', 'exited')) },
  },
  { situation: 'the end of an agent that is not known', town: { ...work, ...says(report('y', 'exited')) } },
  {
    situation: 'a review that ends without a verdict is tried again',
    town: { ...review, ...says(report('ref', 'exited')) },
    applied: 1,
    decides: ['mergeRequest m'],
    reason: 'review ended without a verdict: ref exited',
  },
  {
    situation: 'what a container says before its first sync, or another epoch, is not about these agents',
    town: { ...work, observed: observed({ sequence: 0, agents: [report('x', 'exited')] }) },
  },
  {
    situation: 'or another epoch',
    town: { ...work, observed: observed({ epoch: 2, agents: [report('x', 'exited')] }) },
  },
  {
    situation: 'what a container says that was given up changes nothing',
    town: { ...work, container: container('lost'), ...says(report('x', 'exited')) },
  },
]);

test('a failed session costs a pause, and what it spent is counted on the bead once', () => {
  const usage = { inputTokens: 10, outputTokens: 2, costUsd: 0.5 };
  const parts = {
    ...work,
    beads: [workedBead('a', 'x', { usage })],
    ...says(report('x', 'exited', { usage })),
  };
  expect(left(parts)).toMatchObject([
    { id: 'a', cooldownFrom: T0, usage: { inputTokens: 20, outputTokens: 4, costUsd: 1 } },
    { id: 'x', status: 'idle' },
  ]);
});

test('a reviewer that is gone frees the merge request for another, after a pause', () => {
  const usage = { inputTokens: 7, outputTokens: 0, costUsd: 0 };
  expect(left({ ...review, ...says(report('ref', 'failed', { usage })) })).toMatchObject([
    { id: 'a', status: 'in_review', usage },
    { id: 'm', stage: 'reviewing', reviewerAgentId: undefined, reviewCooldownFrom: T0 },
    { id: 'ref', status: 'idle' },
  ]);
});

test('what was delivered is not said again', () => {
  const mails = [mail('1', 'x'), mail('2', 'x')];
  const parts = { ...work, mails, ...says(report('x', 'working', { deliveredMessageIds: ['1', 'gone'] })) };
  expect(left(parts)).toMatchObject([{ op: 'delete', kind: 'mail', id: '1' }]);
});

test.each([
  {
    situation: 'broke before the model said anything',
    state: 'failed',
    inputTokens: 0,
    attempt: 0,
    outages: 1,
  },
  { situation: 'broke after it had begun', state: 'failed', inputTokens: 10, attempt: 1, outages: undefined },
  { situation: 'ended by itself', state: 'exited', inputTokens: 0, attempt: 1, outages: undefined },
] as const)(
  'a session that $situation leaves $attempt attempts: an outage is no attempt of the bead',
  ({ state, inputTokens, attempt, outages }) => {
    const usage = { inputTokens, outputTokens: 0, costUsd: 0 };
    const [after] = left({ ...work, ...says(report('x', state, { usage, reason: 'no key' })) });
    expect(after).toMatchObject({ id: 'a', status: 'open', attempt, outages, cooldownFrom: T0 });
    expect(after).toHaveProperty('lastProblem', expect.stringContaining('no key'));
  },
);
