import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { release } from './agents.ts';
import { reopenBead } from './beads.ts';

/** Items that the end of the mayor's session writes beside a message: the agent and the attempt. */
const MAYOR_END_COST = 3;

/** The session of a worker or reviewer comes to nothing: its work goes on in another one, after a pause, and it was an attempt. */
export function giveUpSession(
  step: Step,
  agent: Agent,
  end: { outcome: 'lost' | 'failed'; reason: string },
): void {
  const { draft, now } = step;
  const { reason } = end;
  const bead = draft.get('bead', agent.hook?.kind === 'bead' ? agent.hook.id : undefined);
  if (bead !== undefined) return reopenBead(step, bead, { reason, hasCooldown: true });
  const mr = draft.get('mergeRequest', agent.hook?.id);
  release(step, agent.id, end);
  step.decide({ subject: { kind: 'agent', id: agent.id }, from: 'working', to: 'idle', reason });
  if (mr !== undefined) {
    draft.put('mergeRequest', { ...mr, reviewerAgentId: undefined, reviewCooldownFrom: now });
  }
}

/** A session ends for no fault of its own: it was no attempt of its work, which waits until the reason is gone. */
export function pauseSession(step: Step, agent: Agent, reason: string): void {
  const { draft } = step;
  const bead = draft.get('bead', agent.hook?.kind === 'bead' ? agent.hook.id : undefined);
  if (bead !== undefined && bead.done === undefined) {
    reopenBead(step, bead, { reason, hasCooldown: false, session: 'stopped' });
    const reopened = draft.get('bead', bead.id) ?? bead;
    draft.put('bead', { ...reopened, attemptBase: (bead.attemptBase ?? 0) + 1 });
    return;
  }
  const mr = draft.get('mergeRequest', agent.hook?.id);
  release(step, agent.id, { outcome: 'stopped', reason });
  step.decide({ subject: { kind: 'agent', id: agent.id }, from: agent.status, to: 'idle', reason });
  if (mr !== undefined) {
    const reviewAttempt = Math.max(0, mr.reviewAttempt - 1);
    draft.put('mergeRequest', { ...mr, reviewerAgentId: undefined, reviewAttempt });
  }
}

/** A person ends an agent's session; what it worked on is there for the next one, or held. */
export function endSession(step: Step, agent: Agent, how: { reason: string; isHeld: boolean }): void {
  const { draft, now } = step;
  const { reason, isHeld } = how;
  const { hook } = agent;
  const bead = draft.get('bead', hook?.kind === 'bead' ? hook.id : undefined);
  if (bead !== undefined) {
    reopenBead(step, bead, { reason, hasCooldown: false, session: 'stopped' });
    const reopened = draft.get('bead', bead.id) ?? bead;
    draft.put('bead', { ...reopened, isHeld: isHeld || reopened.isHeld });
  }
  const mr = draft.get('mergeRequest', hook?.kind === 'mergeRequest' ? hook.id : undefined);
  release(step, agent.id, { outcome: 'stopped', reason });
  if (agent.role === 'mayor' && isHeld) {
    // What it was asked would be said to its next session, which would start at once.
    for (const mail of draft.all('mail')) {
      if (mail.agentId === agent.id && step.hasRoom(MAYOR_END_COST)) draft.delete('mail', mail.id);
    }
  }
  step.decide({ subject: { kind: 'agent', id: agent.id }, from: agent.status, to: 'idle', reason });
  if (mr !== undefined) {
    draft.put('mergeRequest', { ...mr, reviewerAgentId: undefined, reviewCooldownFrom: now });
  }
}
