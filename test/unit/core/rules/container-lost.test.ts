import { expect, test } from 'vitest';
import { containerLost } from '../../../../core/rules/container-lost.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import { container, observed, outboxRow, runRules, T0, town } from '../town-builder.ts';
import { rows, urgently } from './rows.ts';

rows(
  containerLost,
  T0,
  urgently([
    {
      situation: 'no container, nothing to lose',
      town: {},
      afterMs: minutes(60),
      waits: [],
      dueAfterMs: null,
    },
    {
      situation: 'a starting container has five minutes',
      town: { container: container('starting') },
      afterMs: minutes(5) - 1,
      waits: ['container 1: progressing on first sync'],
      dueAfterMs: minutes(5),
    },
    {
      situation: 'a container that never synced is given up',
      town: { container: container('starting') },
      afterMs: minutes(5),
      decides: ['container 1: starting → lost'],
      reason: 'no first sync within 5 minutes',
      waits: ['container 1: waiting on the task to stop'],
    },
    ...(['running', 'draining'] as const).flatMap((state) => [
      {
        situation: `a ${state} container syncs`,
        town: { container: container(state), observed: observed({ syncedAt: T0 + seconds(30) }) },
        afterMs: seconds(119),
        waits: ['container 1: progressing on syncs'],
        dueAfterMs: seconds(120),
      },
      {
        situation: `a ${state} container that has not synced for 90 s is given up`,
        town: { container: container(state), observed: observed() },
        afterMs: seconds(90),
        decides: [`container 1: ${state} → lost`],
        reason: 'no sync for 90 seconds',
      },
      {
        situation: `what another epoch reported does not count for a ${state} container`,
        town: {
          container: container(state, { epoch: 2 }),
          observed: observed({ syncedAt: T0 + minutes(60) }),
        },
        afterMs: seconds(90),
        decides: [`container 2: ${state} → lost`],
      },
    ]),
    ...(['stopping', 'lost'] as const).map((state) => ({
      situation: `a ${state} container is waited for, however long it takes`,
      town: { container: container(state, { lastError: 'no sync for 90 seconds' }) },
      afterMs: minutes(600),
      reason: 'the task of epoch 1 is being stopped: no sync for 90 seconds',
      waits: ['container 1: waiting on the task to stop'],
      dueAfterMs: null,
    })),
  ]),
);

test('a container is given up by stopping its task; its start is not asked for any more', () => {
  const lost = container('starting', { taskArn: 'task-1' });
  const outcome = runRules(
    [containerLost],
    town({ container: lost, outbox: [outboxRow('run_task')] }),
    minutes(5),
  );
  expect(outcome.outbox).toMatchObject({
    delete: ['run_task:1'],
    put: [{ key: 'stop_task:1', effect: { taskArn: 'task-1', epoch: 1, absenceProvenAt: T0 + seconds(60) } }],
  });
  expect(outcome.send.map(({ key }) => key)).toEqual(['stop_task:1']);
  expect(outcome.container).toMatchObject({ state: 'lost', epoch: 1 });
});
