import { expect, test } from 'vitest';
import {
  applyFacts,
  bead,
  container,
  observed,
  report,
  T0,
  town,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

rows([
  {
    situation: 'the first sync: the container runs',
    town: { container: container('starting'), observed: observed() },
    applied: 1,
    decides: ['container 1: starting → running'],
    reason: 'first sync',
  },
  {
    situation: 'a bootstrap is no sync',
    town: { container: container('starting'), observed: observed({ sequence: 0 }) },
  },
  {
    situation: 'an earlier epoch',
    town: { container: container('starting', { epoch: 2 }), observed: observed() },
  },
  {
    situation: 'a container that runs goes on',
    town: { container: container('running'), observed: observed() },
  },
  ...(['stopping', 'lost'] as const).map((state) => ({
    situation: `a container that is ${state} does not come back`,
    town: { container: container(state), observed: observed() },
  })),
  { situation: 'no container', town: { container: container('absent', { epoch: 1 }), observed: observed() } },
  { situation: 'nothing reported', town: { container: container('running') } },
]);

test('a container that syncs has got over its last error', () => {
  const starting = container('starting', { lastError: 'no capacity', since: T0 - 1 });
  const { container: after } = applyFacts(town({ container: starting, observed: observed() }), [], 5);
  expect(after).toMatchObject({ state: 'running', since: T0 + 5, lastError: undefined });
});

test('a full report of a large container is taken in parts that fit a step', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `${index}`);
  const large = town({
    beads: [...ids.map((id) => workedBead(`b${id}`, `x${id}`)), bead('other')],
    agents: ids.map((id) => worker(`x${id}`, `b${id}`)),
    container: container('running'),
    observed: observed({ agents: ids.map((id) => report(`x${id}`, 'exited')) }),
  });
  const outcome = applyFacts(large, []);
  expect(outcome.changes.length).toBeLessThanOrEqual(80);
  expect(outcome.changes.length).toBeGreaterThan(45);
  expect(outcome.dueAt).toBe(T0);
});
