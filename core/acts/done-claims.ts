import type { Step } from '../step.ts';
import type { Bead } from '../town/bead.ts';
import { asFeedback, reopenBead } from './beads.ts';

/** An agent that claims to be done three times without it being so does not get a fourth try in the same session. */
const MAX_REFUSALS = 3;

/** What the agent claimed does not hold: it keeps the bead and is told why (hazard H-33). */
export function refuseDone(step: Step, bead: Bead, detail: string): void {
  const { draft, now } = step;
  const agent = draft.get('agent', bead.assigneeAgentId);
  const doneRefusals = bead.doneRefusals + 1;
  if (agent === undefined || doneRefusals >= MAX_REFUSALS) {
    reopenBead(step, bead, {
      reason: `the agent's claim to be done was refused ${doneRefusals} times: ${detail}`,
      feedback: detail,
      hasCooldown: true,
    });
    return;
  }
  step.decide({ subject: { kind: 'bead', id: bead.id }, reason: `claim to be done refused: ${detail}` });
  draft.put('bead', { ...bead, done: undefined, doneRefusals, feedback: asFeedback(detail) });
  draft.put('mail', {
    id: step.ids.next(),
    rev: 0,
    agentId: agent.id,
    attempt: agent.attempt,
    text: `gt_done was refused: ${asFeedback(detail)}`,
    createdAt: now,
    updatedAt: now,
  });
}
