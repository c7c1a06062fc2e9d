import { containerIdle } from '../../../../core/rules/container-idle.ts';
import { minutes } from '../../../../core/town/instant.ts';
import { container, observed, T0 } from '../town-builder.ts';
import { rows, urgently } from './rows.ts';

const idle = container('running', { idleSince: T0 });

rows(
  containerIdle,
  T0,
  urgently([
    {
      situation: 'a container with work goes on',
      town: { container: container('running') },
      waits: [],
      dueAfterMs: null,
    },
    {
      situation: 'a container without work goes on for five minutes',
      town: { container: idle },
      afterMs: minutes(5) - 1,
      waits: ['container 1: waiting on work'],
      dueAfterMs: minutes(5),
    },
    {
      situation: 'after five minutes without work it is drained',
      town: { container: idle },
      afterMs: minutes(5),
      decides: ['container 1: running → draining'],
      reason: 'nothing is runnable',
    },
    {
      situation: 'the town may set another time, 0 too',
      town: { container: idle, config: { container: { sleepAfterMinutes: 0 } } },
      decides: ['container 1: running → draining'],
    },
    {
      situation: 'a container is not drained within two minutes of the one before',
      town: {
        container: container('running', { idleSince: T0, idleStoppedAt: T0 - minutes(1) }),
        config: { container: { sleepAfterMinutes: 0 } },
      },
      afterMs: minutes(1) - 1,
      waits: ['container 1: waiting on cooldown'],
      reason: 'the last one was stopped just now',
      dueAfterMs: minutes(1),
    },
    {
      situation: 'two minutes after the last one was drained the next one is',
      town: {
        container: container('running', { idleSince: T0, idleStoppedAt: T0 - minutes(1) }),
        config: { container: { sleepAfterMinutes: 0 } },
      },
      afterMs: minutes(1),
      decides: ['container 1: running → draining'],
    },
    {
      situation: 'work cancels a drain',
      town: { container: container('draining'), observed: observed({ phase: 'draining' }) },
      decides: ['container 1: draining → running'],
      reason: 'there is work again',
    },
    {
      situation: 'work does not cancel a drain that has saved already',
      town: { container: container('draining'), observed: observed({ phase: 'drained' }) },
    },
    {
      situation: 'a draining container without work drains',
      town: { container: container('draining', { idleSince: T0 }) },
    },
    { situation: 'no container, nothing to do', town: {}, waits: [], dueAfterMs: null },
  ]),
);
