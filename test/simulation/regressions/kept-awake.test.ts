import { expect, test } from 'vitest';
import { minutes, seconds } from '../../../core/town/instant.ts';
import { agent, container, decided, observed, report, step, T0, town } from '../../unit/core/town-builder.ts';

/** #3113, #1409: signs of life of a mayor that waits for people kept 300 containers awake for 100 users. */
test.each([
  { of: 'a mayor that nobody writes to keeps its place', afterMs: minutes(5) - 1, decides: [] },
  {
    of: 'for the idle time, however often its container syncs',
    afterMs: minutes(5),
    decides: ['container 1: running → draining'],
  },
])('$of', ({ afterMs, decides }) => {
  const mayor = agent('may', {
    role: 'mayor',
    rigId: '',
    status: 'waiting',
    attempt: 1,
    dispatchedAt: T0,
    lastActiveAt: T0,
  });
  const alive = new Date(T0 + afterMs - seconds(1)).toISOString();
  const parts = {
    agents: [mayor],
    container: container('running', { idleSince: T0 }),
    observed: observed({
      syncedAt: T0 + afterMs,
      agents: [report('may', 'idle', { lastEventAt: alive, lastTurnAt: new Date(T0).toISOString() })],
    }),
  };
  const of = town(parts);
  // What the container should run is settled before the idle time is over.
  const settled = step(of).container ?? of.container;
  expect(decided(step(town({ ...parts, container: { ...settled, idleSince: T0 } }), [], afterMs))).toEqual(
    decides,
  );
});
