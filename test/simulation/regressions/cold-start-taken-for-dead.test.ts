import { expect, test } from 'vitest';
import { minutes, seconds } from '../../../core/town/instant.ts';
import {
  container,
  observed,
  report,
  runRules,
  T0,
  town,
  workedBead,
  worker,
  decided,
} from '../../unit/core/town-builder.ts';
import { ALL_RULES } from '../../../core/rules/all.ts';

/** #1358: a session that a container did not report yet was taken for dead, and its hook torn out of a live agent. */
test.each([
  { of: 'a session that is not reported yet is starting', afterMs: minutes(3), decides: [] },
  { of: 'after five minutes it never started', afterMs: minutes(5), decides: ['bead a: in_progress → open'] },
])('$of', ({ afterMs, decides }) => {
  const parts = {
    beads: [workedBead('a', 'toast')],
    agents: [worker('toast', 'a')],
    container: container('running'),
    observed: observed({ syncedAt: T0 + afterMs - seconds(1) }),
  };
  const rules = ALL_RULES.filter(({ name }) => name.startsWith('agent/'));
  expect(decided(runRules(rules, town(parts), afterMs))).toEqual(decides);
});

/** The other half of it: a sign of life made an idle agent work again. */
test('a report of a session that is over gives an idle agent nothing to do', () => {
  const agents = [worker('toast', 'a', { status: 'idle', hook: undefined, attempt: 2 })];
  const parts = {
    agents,
    container: container('running'),
    observed: observed({ agents: [report('toast', 'working')] }),
  };
  expect(runRules(ALL_RULES, town(parts)).changes.filter(({ kind }) => kind === 'agent')).toEqual([]);
});
