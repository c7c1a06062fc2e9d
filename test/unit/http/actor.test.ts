import { expect, test } from 'vitest';
import { actorOf } from '../../../lambdas/api/actor.ts';

const rows = [
  { rule: 'bead/dispatch', actor: 'town', why: 'rules decide by themselves' },
  { rule: 'fact/agent_done', actor: 'agent', why: 'its tool says so' },
  { rule: 'fact/agent_escalated', actor: 'agent', why: 'its tool says so' },
  { rule: 'fact/agent_nudged', actor: 'person', why: 'it is about an agent, and comes from a person' },
  { rule: 'fact/bead_cancelled', actor: 'person', why: 'a statement' },
  { rule: 'fact/observed', actor: 'container', why: 'its report' },
  { rule: 'fact/effect_result', actor: 'platform', why: 'what the platform answered' },
  { rule: 'fact/task_stopped', actor: 'platform', why: 'what the platform tells' },
  { rule: 'api/pause', actor: 'person', why: 'written at the request' },
];

test.each(rows)('$rule is decided by $actor: $why', ({ rule, actor }) => {
  expect(actorOf(rule)).toBe(actor);
});
