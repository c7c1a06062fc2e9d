import { expect, test } from 'vitest';
import { townPurge } from '../../../../core/rules/town-purge.ts';
import type { Container } from '../../../../core/town/container.ts';
import { container, runRules, T0, town } from '../town-builder.ts';
import { rows, urgently } from './rows.ts';

const deleting = (state: Container['state']) => ({
  head: { lifecycle: 'deleting' } as const,
  container: container(state),
});
const purge = { type: 'purge_town' } as const;
const row = { key: 'purge_town', effect: purge, decisionId: '1-0', attempt: 1, sentAt: T0, createdAt: T0 };

rows(
  townPurge,
  T0,
  urgently([
    {
      situation: 'nothing runs any more',
      town: deleting('absent'),
      decides: ['town town'],
      reason: 'its records go',
    },
    { situation: 'it is asked for already', town: { ...deleting('absent'), outbox: [row] } },
    ...(['starting', 'running', 'draining', 'stopping', 'lost'] as const).map((state) => ({
      situation: `a task may still write: ${state}`,
      town: deleting(state),
    })),
    { situation: 'a paused town stays', town: { head: { lifecycle: 'paused' } } },
    { situation: 'an active town stays', town: {} },
  ]),
);

test('it asks for the deletion', () => {
  const { send, outbox } = runRules([townPurge], town(deleting('absent')));
  expect([send, outbox.put.map(({ effect }) => effect)]).toEqual([
    [{ key: 'purge_town', attempt: 1, at: T0 }],
    [purge],
  ]);
});
