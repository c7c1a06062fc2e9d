import { townHalt } from '../../../../core/rules/town-halt.ts';
import type { Container } from '../../../../core/town/container.ts';
import type { Head } from '../../../../core/town/head.ts';
import { container, observed, T0 } from '../town-builder.ts';
import { rows, urgently } from './rows.ts';

const inState = (lifecycle: Head['lifecycle'], state: Container['state']) => ({
  head: { lifecycle },
  container: container(state),
  ...(state === 'starting' ? {} : { observed: observed() }),
});
const stays = { waits: [], dueAfterMs: null };

rows(
  townHalt,
  T0,
  urgently([
    { situation: 'an active town runs', town: inState('active', 'running'), ...stays },
    { situation: 'paused without a container', town: inState('paused', 'absent'), ...stays },
    {
      situation: 'paused while it starts: nothing is in it that could be saved',
      town: inState('paused', 'starting'),
      decides: ['container 1: starting → stopping'],
      reason: 'the town is paused',
    },
    {
      situation: 'paused while it runs: it saves first',
      town: inState('paused', 'running'),
      decides: ['container 1: running → draining'],
      reason: 'the town is paused',
    },
    { situation: 'paused while it drains', town: inState('paused', 'draining'), ...stays },
    { situation: 'paused while it stops', town: inState('paused', 'stopping'), ...stays },
    { situation: 'paused while it is lost', town: inState('paused', 'lost'), ...stays },
    { situation: 'deleted without a container', town: inState('deleting', 'absent'), ...stays },
    ...(['starting', 'running', 'draining'] as const).map((state) => ({
      situation: `deleted while ${state}: nothing is worth saving`,
      town: inState('deleting', state),
      decides: [`container 1: ${state} → stopping`],
      reason: 'the town is being deleted',
    })),
    { situation: 'deleted while it stops', town: inState('deleting', 'stopping'), ...stays },
    { situation: 'deleted while it is lost', town: inState('deleting', 'lost'), ...stays },
  ]),
);
