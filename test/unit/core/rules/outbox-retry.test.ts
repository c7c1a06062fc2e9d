import { expect, test } from 'vitest';
import { outboxRetry } from '../../../../core/rules/outbox-retry.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import { container, decided, outboxRow, runRules, T0, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const lastError = { code: 'throttled', message: 'slow down' };
const starting = container('starting');

const failedExport = outboxRow('run_task', {
  key: 'export_town:x',
  effect: { type: 'export_town', exportId: 'x' },
  attempt: 5,
  exhaustedAt: T0,
});

rows(outboxRetry, T0, [
  { situation: 'nothing was asked for', town: {}, waits: [], dueAfterMs: null },
  {
    situation: 'an effect has a minute to be answered',
    town: { container: starting, outbox: [outboxRow('run_task')] },
    afterMs: minutes(1) - 1,
    reason: 'try 1 of 5 of run_task',
    waits: ['effect run_task:1: waiting on the effect'],
    dueAfterMs: minutes(1),
  },
  {
    situation: 'without an answer it is asked for again',
    town: { container: starting, outbox: [outboxRow('run_task')] },
    afterMs: minutes(1),
    decides: ['effect run_task:1'],
    reason: 'asked for again, try 2',
  },
  {
    situation: 'a failed try is repeated after a pause that doubles',
    town: { container: starting, outbox: [outboxRow('run_task', { attempt: 3, failedAt: T0, lastError })] },
    afterMs: seconds(8) - 1,
    reason: 'last error: slow down',
    dueAfterMs: seconds(8),
  },
  {
    situation: 'a failure of an earlier try does not count for the one under way',
    town: {
      container: starting,
      outbox: [outboxRow('run_task', { attempt: 2, failedAt: T0 - 1, lastError })],
    },
    afterMs: seconds(30),
    dueAfterMs: minutes(1),
  },
  {
    situation: 'a container whose start is never answered is given up after the last try',
    town: { container: starting, outbox: [outboxRow('run_task', { attempt: 5 })] },
    afterMs: minutes(1),
    decides: ['effect run_task:1: → exhausted'],
    reason: 'no answer after 5 tries',
  },
  {
    situation: 'a container that runs is not given up for its start’s lost answer',
    town: { container: container('running'), outbox: [outboxRow('run_task', { attempt: 5 })] },
    afterMs: minutes(1),
    decides: ['effect run_task:1: → exhausted'],
    waits: ['effect run_task:1: needs_attention on a person'],
  },
  {
    situation: 'a task is asked to stop far more often',
    town: {
      container: container('stopping'),
      outbox: [outboxRow('stop_task', { attempt: 199, failedAt: T0, lastError })],
    },
    afterMs: seconds(60),
    decides: ['effect stop_task:1'],
    reason: 'asked for again, try 200',
  },
  {
    situation: 'what will not work is shown, and not repeated',
    town: {
      container: container('stopping'),
      outbox: [outboxRow('stop_task', { exhaustedAt: T0, lastError })],
    },
    afterMs: minutes(600),
    reason: 'gave up after 1 tries; last error: slow down',
    waits: ['effect stop_task:1: needs_attention on a person'],
    dueAfterMs: null,
  },
  {
    situation: 'an export that failed is shown for a day',
    town: { outbox: [failedExport] },
    afterMs: minutes(24 * 60) - 1,
    reason: 'gave up after 5 tries',
    waits: ['effect export_town:x: needs_attention on a person'],
    dueAfterMs: minutes(24 * 60),
  },
  {
    situation: 'then it is forgotten: a new one can be asked for',
    town: { outbox: [failedExport] },
    afterMs: minutes(24 * 60),
    decides: ['effect export_town:x: → forgotten'],
    reason: 'the failed export was shown for a day',
  },
]);

test('a repeated try is a message of its own, with its number', () => {
  const { send, outbox } = runRules(
    [outboxRetry],
    town({ container: starting, outbox: [outboxRow('run_task')] }),
    minutes(1),
  );
  expect(send).toEqual([{ key: 'run_task:1', attempt: 2, at: T0 + minutes(1) }]);
  expect(outbox.put).toMatchObject([{ attempt: 2, sentAt: T0 + minutes(1), createdAt: T0 }]);
});

test('giving up a start stops the task that may have come of it', () => {
  const exhausted = town({ container: starting, outbox: [outboxRow('run_task', { attempt: 5 })] });
  const { outbox, container: after } = runRules([outboxRetry], exhausted, minutes(1));
  expect(outbox.delete).toEqual(['run_task:1']);
  expect(outbox.put.map(({ key }) => key)).toEqual(['stop_task:1']);
  expect(after?.state).toBe('lost');
});

test('giving up an export ends no container', () => {
  const of = town({ container: starting, outbox: [{ ...failedExport, exhaustedAt: undefined }] });
  const outcome = runRules([outboxRetry], of, minutes(16));
  expect(decided(outcome)).toEqual(['effect export_town:x: → exhausted']);
  expect(outcome.container).toBeUndefined();
  expect(outcome.outbox.put.map(({ key }) => key)).toEqual(['export_town:x']);
});
