import { expect, test } from 'vitest';
import { containerStart } from '../../../../core/rules/container-start.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import { container, runRules, T0, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const failed = (failures: number) => ({
  container: container('absent', { epoch: 4, failures, lastFailedAt: T0, lastError: 'no capacity' }),
});

const refused = (times: number) => ({
  container: container('absent', { epoch: 4, refused: { times, at: T0 }, lastError: 'no room' }),
});

rows(containerStart, T0, [
  { situation: 'nothing is runnable', town: {}, waits: [], dueAfterMs: null },
  {
    situation: 'runnable work starts the next epoch',
    town: { container: container('absent', { epoch: 4 }) },
    decides: ['container 5: absent → starting'],
    reason: '0 agents and 0 jobs are runnable',
  },
  ...(['starting', 'running', 'draining', 'stopping', 'lost'] as const).map((state) => ({
    situation: `a container that is ${state} is not started again`,
    town: { container: container(state) },
  })),
  {
    situation: 'after one failure the next starts at once',
    town: failed(1),
    decides: ['container 5: absent → starting'],
  },
  {
    situation: 'after three failures it waits a minute',
    town: failed(3),
    afterMs: minutes(1) - 1,
    reason: '3 containers in a row failed, the last one: no capacity',
    waits: ['container 5: waiting on cooldown'],
    dueAfterMs: minutes(1),
  },
  {
    situation: 'after the pause it starts',
    town: failed(2),
    afterMs: seconds(30),
    decides: ['container 5: absent → starting'],
  },
  {
    situation: 'after five failures people should look',
    town: failed(5),
    waits: ['container 5: needs_attention on cooldown'],
    dueAfterMs: minutes(5),
  },
  {
    situation: 'the platform had no room: it is tried again as soon as the epoch is known to be gone',
    town: refused(1),
    decides: ['container 5: absent → starting'],
  },
  {
    situation: 'when there is none again and again it waits for capacity, longer each time',
    town: refused(4),
    afterMs: minutes(2) - 1,
    reason: '4 containers in a row found no room on the platform, the last one: no room',
    waits: ['container 5: waiting on capacity'],
    dueAfterMs: minutes(2),
  },
  {
    situation: 'after five times people should look: a quota may be used up',
    town: refused(5),
    waits: ['container 5: needs_attention on capacity'],
    dueAfterMs: minutes(5),
  },
  {
    situation: 'it never waits longer than ten minutes',
    town: refused(500),
    afterMs: minutes(10),
    decides: ['container 5: absent → starting'],
  },
]);

test('a start is an effect that names its epoch', () => {
  const outcome = runRules([containerStart], town({ container: container('absent') }));
  expect(outcome.container).toMatchObject({ state: 'starting', epoch: 1, startedAt: T0, rev: 2 });
  expect(outcome.outbox.put).toMatchObject([
    { key: 'run_task:1', attempt: 1, sentAt: T0, decisionId: '8-0' },
  ]);
  expect(outcome.send).toEqual([{ key: 'run_task:1', attempt: 1, at: T0 }]);
});
