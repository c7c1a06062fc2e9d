import { expect, test } from 'vitest';
import { agentGarbage } from '../../../../core/rules/agent-garbage.ts';
import { minutes } from '../../../../core/town/instant.ts';
import { agent, runRules, T0, town, workedBead, worker } from '../town-builder.ts';
import { rows } from './rows.ts';

const DAY_MS = minutes(24 * 60);

rows(agentGarbage, T0, [
  {
    situation: 'an agent that has had nothing to do for a day goes',
    town: { agents: [agent('x')] },
    afterMs: DAY_MS,
    decides: ['agent x: idle → deleted'],
  },
  {
    situation: 'until then it is kept, and the town is not woken for it',
    town: { agents: [agent('x')] },
    afterMs: DAY_MS - 1,
    dueAfterMs: null,
  },
  {
    situation: 'one that was just made and never used is not old (H-28)',
    town: { agents: [agent('x', { createdAt: T0 + DAY_MS, updatedAt: T0 + DAY_MS })] },
    afterMs: DAY_MS + 1,
  },
  {
    situation: 'an agent at work stays, and its bead with it (H-26)',
    town: { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] },
    afterMs: 3 * DAY_MS,
  },
  {
    situation: 'the mayor stays',
    town: { agents: [agent('m', { role: 'mayor', rigId: '' })] },
    afterMs: 3 * DAY_MS,
  },
]);

test('as many go at a time as a step has room for', () => {
  const agents = Array.from({ length: 100 }, (_, n) => agent(`x${n}`));
  const outcome = runRules([agentGarbage], town({ agents }), DAY_MS);
  // Each takes the row of its snapshot along.
  expect(outcome.changes).toHaveLength(40);
  expect(outcome.dueAt).toBe(T0 + DAY_MS);
});
