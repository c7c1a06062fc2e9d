import { containerStop } from '../../../../core/rules/container-stop.ts';
import { minutes } from '../../../../core/town/instant.ts';
import { container, observed, T0 } from '../town-builder.ts';
import { rows } from './rows.ts';

const draining = container('draining', { idleSince: T0 });
const drained = observed({ phase: 'drained' });

rows(containerStop, T0, [
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
    reason: 'the drain took longer than 5 minutes',
  },
  {
    situation: 'that an earlier epoch drained says nothing',
    town: { container: { ...draining, epoch: 2 }, observed: drained },
    waits: ['container 2: waiting on drain'],
  },
  {
    situation: 'a container that drained by itself (Spot), or before it learned that it need not, is stopped',
    town: { container: container('running'), observed: drained },
    decides: ['container 1: running → stopping'],
  },
  {
    situation: 'a running container runs',
    town: { container: container('running'), observed: observed() },
    waits: [],
  },
]);
