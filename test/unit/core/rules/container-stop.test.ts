import { containerStop } from '../../../../core/rules/container-stop.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import { container, observed, T0 } from '../town-builder.ts';
import { rows, urgently } from './rows.ts';

const draining = container('draining', { idleSince: T0 });
const drained = observed({ phase: 'drained' });

rows(
  containerStop,
  T0,
  urgently([
    {
      situation: 'a draining container has five minutes to save its work',
      town: { container: draining, observed: observed({ phase: 'draining' }) },
      afterMs: minutes(5) - 1,
      waits: ['container 1: waiting on drain'],
      dueAfterMs: minutes(5),
    },
    {
      situation: 'a drained container is stopped',
      town: { container: draining, observed: drained },
      decides: ['container 1: draining → stopping'],
      reason: 'its work is saved',
    },
    {
      situation: 'a drain that takes too long is cut short',
      town: { container: draining, observed: observed({ phase: 'draining' }) },
      afterMs: minutes(5),
      decides: ['container 1: draining → stopping'],
      reason: 'the drain took longer than 300 seconds',
    },
    {
      situation: 'in a paused town it has 40 seconds, so that it is gone within a minute',
      town: { head: { lifecycle: 'paused' }, container: draining, observed: observed({ phase: 'draining' }) },
      afterMs: seconds(40) - 1,
      waits: ['container 1: waiting on drain'],
      dueAfterMs: seconds(40),
    },
    {
      situation: 'and not more',
      town: { head: { lifecycle: 'paused' }, container: draining, observed: observed({ phase: 'draining' }) },
      afterMs: seconds(40),
      decides: ['container 1: draining → stopping'],
      reason: 'longer than 40 seconds',
    },
    {
      situation: 'that an earlier epoch drained says nothing',
      town: { container: { ...draining, epoch: 2 }, observed: drained },
      waits: ['container 2: waiting on drain'],
    },
    {
      situation:
        'a container that drained by itself (Spot), or before it learned that it need not, is stopped',
      town: { container: container('running'), observed: drained },
      decides: ['container 1: running → stopping'],
    },
    {
      situation: 'a running container runs',
      town: { container: container('running'), observed: observed() },
      waits: [],
    },
  ]),
);
