import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { purposeOf } from './agents.ts';

/** What people can do about it. */
export const STUCK_TEXT =
  'In another hour its session ends, and its work goes on in another one. To do that now, reset the agent.';

/** People are told of a session that shows no progress. The rule `escalation/open` closes it when that is over. */
export function escalate(step: Step, agent: Agent, title: string, text: string): void {
  const { draft, now } = step;
  const id = step.ids.next();
  step.decide({ subject: { kind: 'escalation', id }, to: 'open', reason: title });
  const purpose = purposeOf(draft, agent);
  draft.put('escalation', {
    id,
    rev: 0,
    severity: 'medium',
    category: 'stuck_agent',
    title,
    text,
    agentId: agent.id,
    attempt: agent.attempt,
    ...(purpose?.kind === 'bead' ? { beadId: purpose.id } : {}),
    rigId: agent.rigId,
    createdAt: now,
    updatedAt: now,
  });
}
