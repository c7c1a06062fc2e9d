import { expect, test } from 'vitest';
import type { MessageFact } from '../../../../core/facts/message.ts';
import {
  applyFacts,
  CANDIDATE,
  container,
  mergeRequest,
  observed,
  outboxRow,
  reviewedBead,
  reviewer,
  T0,
  town,
  workedBead,
  worker,
} from '../town-builder.ts';
import { left, rows } from './rows.ts';

const stopped: MessageFact = { type: 'task_stopped', epoch: 1, reason: 'Spot', exitCode: 137 };

rows([
  ...(['starting', 'running', 'draining', 'stopping', 'lost'] as const).map((state) => ({
    situation: `the task of a container that is ${state} has stopped`,
    town: { container: container(state) },
    facts: [stopped, stopped],
    applied: 1,
    stale: 1,
    decides: [`container 1: ${state} → absent`],
    reason: 'Spot (exit code 137)',
  })),
  {
    situation: 'the task of an earlier epoch',
    town: { container: container('running', { epoch: 2 }) },
    facts: [stopped],
    stale: 1,
  },
  {
    situation: 'after it is known to be gone',
    town: { container: container('absent', { epoch: 1 }) },
    facts: [stopped],
    stale: 1,
  },
]);

test.each([
  { state: 'running', failures: 3 },
  { state: 'lost', failures: 3 },
  { state: 'starting', failures: 3 },
  { state: 'stopping', failures: 0 },
  { state: 'draining', failures: 0 },
] as const)('a task that ends while $state leaves $failures failures in a row', ({ state, failures }) => {
  const outcome = applyFacts(town({ container: container(state, { failures: 2 }) }), [stopped]);
  expect(outcome.container).toMatchObject({
    state: 'absent',
    failures,
    lastFailedAt: failures === 0 ? undefined : T0,
  });
});

test('its agents are lost: their beads are open again, and a first loss costs no pause', () => {
  const beads = [workedBead('a', 'x'), workedBead('b', 'y', { attempt: 2 })];
  const agents = [worker('x', 'a'), worker('y', 'b')];
  expect(left({ beads, agents, container: container('running') }, [stopped])).toMatchObject([
    { id: 'a', status: 'open', cooldownFrom: undefined },
    { id: 'b', status: 'open', cooldownFrom: T0 },
    { id: 'x', status: 'idle', hook: undefined },
    { id: 'y', status: 'idle', hook: undefined },
  ]);
});

test.each([
  {
    situation: 'it was lost for the third time in a row',
    outages: 2,
    phase: 'running',
    attempt: 0,
    cooldownFrom: T0,
  },
  {
    situation: 'it was lost for the fourth time in a row',
    outages: 3,
    phase: 'running',
    attempt: 1,
    cooldownFrom: T0,
  },
  { situation: 'it had saved its work', outages: 9, phase: 'drained', attempt: 0, cooldownFrom: undefined },
] as const)('$situation: $attempt attempts are left of one', ({ outages, phase, attempt, cooldownFrom }) => {
  const parts = {
    beads: [workedBead('a', 'x', { outages })],
    agents: [worker('x', 'a')],
    container: container('running'),
    observed: observed({ phase }),
  };
  expect(left(parts, [stopped])).toMatchObject([
    { id: 'a', status: 'open', attempt, cooldownFrom },
    { id: 'x' },
  ]);
});

test('a trial merge is gone with it: a review begins again at the check, a merge asks again', () => {
  const merging = mergeRequest('n', 'b', {
    rigId: 'other',
    stage: 'merging',
    jobId: 'j',
    candidate: CANDIDATE,
  });
  const parts = {
    beads: [reviewedBead('a'), reviewedBead('b')],
    mergeRequests: [
      mergeRequest('m', 'a', { stage: 'reviewing', reviewerAgentId: 'ref', candidate: CANDIDATE }),
      merging,
    ],
    agents: [reviewer('ref', 'm')],
    container: container('running'),
  };
  expect(left(parts, [stopped])).toMatchObject([
    { id: 'm', stage: 'checking', candidate: undefined, reviewerAgentId: undefined, jobId: undefined },
    { id: 'ref', status: 'idle' },
  ]);
});

test('what was asked of it is not asked any more', () => {
  const outbox = [outboxRow('run_task'), outboxRow('stop_task')];
  const outcome = applyFacts(town({ container: container('lost'), outbox }), [stopped]);
  expect(outcome.outbox.delete).toEqual(['run_task:1', 'stop_task:1']);
});
