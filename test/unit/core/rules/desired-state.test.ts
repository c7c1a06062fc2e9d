import { expect, test } from 'vitest';
import { desiredStateRule } from '../../../../core/rules/desired-state.ts';
import { commit } from '../commit.ts';
import { container, runRules, T0, town, workedBead, worker } from '../town-builder.ts';

const work = { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')], container: container('running') };

test('what should run is written down once, and the running container is poked', () => {
  const before = town({ ...work, container: container('running', { idleSince: T0 - 1 }) });
  const first = runRules([desiredStateRule], before);
  expect(first.container?.desired.agents.map(({ agentId }) => agentId)).toEqual(['x']);
  expect(first.container?.idleSince).toBeUndefined();
  expect(first.isPoke).toBe(true);
  const again = runRules([desiredStateRule], commit(before, first, T0).town);
  expect({ container: again.container, isPoke: again.isPoke }).toEqual({
    container: undefined,
    isPoke: false,
  });
});

test('the time since which nothing is runnable is kept', () => {
  const first = runRules([desiredStateRule], town({ container: container('running') }), 5000);
  expect(first.container?.idleSince).toBe(T0 + 5000);
  const idle = town({ container: container('running', { idleSince: T0 }) });
  expect(runRules([desiredStateRule], idle, 5000).container).toBeUndefined();
});

test('a container that does not run is not poked', () => {
  expect(runRules([desiredStateRule], town({ ...work, container: container('absent') })).isPoke).toBe(false);
});
