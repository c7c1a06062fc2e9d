import { expect, test } from 'vitest';
import type { MessageFact } from '../../../../core/facts/message.ts';
import { applyFacts, container, observed, outboxRow, T0, town, workedBead, worker } from '../town-builder.ts';
import { rows } from './rows.ts';

const ok = (key: string): MessageFact => ({
  type: 'effect_result',
  key,
  attempt: 1,
  result: { ok: true, taskArn: 'task' },
});
const failed = (key: string, retry: 'backoff' | 'never', attempt = 1): MessageFact => ({
  type: 'effect_result',
  key,
  attempt,
  result: { ok: false, code: 'x', message: 'no capacity', retry },
});
const refused = (attempt = 1): MessageFact => ({
  type: 'effect_result',
  key: 'run_task:1',
  attempt,
  result: { ok: false, code: 'no_capacity', message: 'no room', retry: 'backoff' },
});
const starting = { container: container('starting'), outbox: [outboxRow('run_task')] };
const stopping = { container: container('stopping'), outbox: [outboxRow('stop_task')] };

rows([
  { situation: 'the task was started', town: starting, facts: [ok('run_task:1')], applied: 1 },
  {
    situation: 'said twice',
    town: starting,
    facts: [ok('run_task:1'), ok('run_task:1')],
    applied: 1,
    stale: 1,
  },
  {
    situation: 'the task has stopped: the container is gone',
    town: stopping,
    facts: [ok('stop_task:1')],
    applied: 1,
    decides: ['container 1: stopping → absent'],
  },
  { situation: 'of an effect that nobody waits for', town: {}, facts: [ok('run_task:1')], stale: 1 },
  {
    situation: 'of the task of an earlier epoch',
    town: { ...starting, container: container('starting', { epoch: 2 }) },
    facts: [ok('run_task:1')],
    stale: 1,
  },
  {
    situation: 'a try failed: it is repeated later',
    town: starting,
    facts: [failed('run_task:1', 'backoff')],
    applied: 1,
  },
  {
    situation: 'a failure said twice is one',
    town: starting,
    facts: [failed('run_task:1', 'backoff'), failed('run_task:1', 'never')],
    applied: 1,
    stale: 1,
  },
  {
    situation: 'the failure of an earlier try',
    town: { ...starting, outbox: [outboxRow('run_task', { attempt: 2 })] },
    facts: [failed('run_task:1', 'never')],
    stale: 1,
  },
  {
    situation: 'a start that will never work is given up',
    town: starting,
    facts: [failed('run_task:1', 'never')],
    applied: 1,
    decides: ['container 1: starting → lost'],
    reason: 'the task could not be started: no capacity',
  },
  {
    situation: 'a start that failed for the last time is given up',
    town: { ...starting, outbox: [outboxRow('run_task', { attempt: 5 })] },
    facts: [failed('run_task:1', 'backoff', 5)],
    applied: 1,
    decides: ['container 1: starting → lost'],
  },
  {
    situation: 'a start that the platform has no room for is no failure, and not repeated at once',
    town: starting,
    facts: [refused()],
    applied: 1,
    decides: ['container 1: starting → stopping'],
    reason: 'the task could not be started: no room',
  },
  {
    situation: 'said twice',
    town: starting,
    facts: [refused(), refused()],
    applied: 1,
    stale: 1,
    decides: ['container 1: starting → stopping'],
  },
  {
    situation: 'a container that runs is not given up for a repeated start that found no room',
    town: { ...starting, container: container('running') },
    facts: [refused()],
    applied: 1,
  },
  {
    situation: 'a container that runs is not given up for a repeated start that failed',
    town: { ...starting, container: container('running') },
    facts: [failed('run_task:1', 'never')],
    applied: 1,
  },
]);

test('a failed try is kept with its error; one that will not work is not repeated', () => {
  const once = applyFacts(town(stopping), [failed('stop_task:1', 'backoff')], 5).outbox.put;
  expect(once).toMatchObject([{ failedAt: T0 + 5, lastError: { code: 'x', message: 'no capacity' } }]);
  expect(once[0]).not.toHaveProperty('exhaustedAt');
  expect(applyFacts(town(stopping), [failed('stop_task:1', 'never')], 5).outbox.put).toMatchObject([
    { exhaustedAt: T0 + 5 },
  ]);
});

test('a started task is known by its ARN; a stopped one takes its row away', () => {
  const started = applyFacts(town(starting), [ok('run_task:1')]);
  expect(started.container).toMatchObject({ state: 'starting', taskArn: 'task' });
  expect(started.outbox.delete).toEqual(['run_task:1']);
  expect(applyFacts(town(stopping), [ok('stop_task:1')]).outbox.delete).toEqual(['stop_task:1']);
});

test.each([
  {
    situation: 'never synced',
    observed: undefined,
    left: [],
    reason: 'its agents had not begun: no attempt is lost',
  },
  {
    situation: 'synced and was lost',
    observed: observed(),
    left: [{ record: { id: 'a', status: 'open' } }, { record: { id: 'x', status: 'idle' } }],
    reason: 'its sessions are gone with it',
  },
])('work of a task that $situation goes on with the next one: $reason', ({ observed, left }) => {
  const lost = {
    ...stopping,
    container: container('lost'),
    observed,
    beads: [workedBead('a', 'x')],
    agents: [worker('x', 'a')],
  };
  const { changes, container: after } = applyFacts(town(lost), [ok('stop_task:1')]);
  expect(changes).toMatchObject(left);
  expect(changes).toHaveLength(left.length);
  expect(after).toMatchObject({ state: 'absent', epoch: 1, failures: 1, lastFailedAt: T0 });
});

test('no room: counted by itself, paid for by nobody, no failed dispatch; its epoch is known to be gone before the next', () => {
  const before = { ...starting, container: container('starting', { refused: { times: 2, at: T0 - 9 } }) };
  const outcome = applyFacts(town(before), [refused()], 5);
  expect(outcome.container).toMatchObject({
    state: 'stopping',
    refused: { times: 3, at: T0 + 5 },
    startedAt: undefined,
  });
  expect([outcome.outbox.delete, outcome.outbox.put.map(({ key }) => key)]).toEqual([
    ['run_task:1'],
    ['stop_task:1'],
  ]);
  const stopped = { ...stopping, container: outcome.container, outbox: outcome.outbox.put };
  const gone = applyFacts(town(stopped), [ok('stop_task:1')], 70_000);
  expect(gone.container).toMatchObject({
    state: 'absent',
    failures: 0,
    lastFailedAt: undefined,
    lastError: 'the task could not be started: no room',
    refused: { times: 3 },
  });
  expect([gone.head, gone.history]).toEqual([{}, []]);
  const started = { ...starting, container: container('starting', { refused: { times: 3, at: T0 } }) };
  expect(applyFacts(town(started), [ok('run_task:1')]).container).toMatchObject({ refused: undefined });
});
