import { speaker } from '../acts/agents.ts';
import { endSession, giveUpSession } from '../acts/sessions.ts';
import { escalate } from '../acts/escalate.ts';
import { say } from '../acts/say.ts';
import { tellMayor } from '../acts/tell-mayor.ts';
import { settleTriage, triagedAgent } from '../acts/triage.ts';
import { endAsWished } from '../acts/wishes.ts';
import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import type { TriageRequest } from '../town/triage-request.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

type Resolved = StatementOf<InboxStatement, 'triage_resolved'>;

/** A triage agent has decided: the town does it, if what it is about still goes on. */
export const applyTriageResolved: ApplyFact<Resolved> = (step, fact) => {
  const { draft, now } = step;
  const request = draft.get('triageRequest', fact.requestId);
  const triage = speaker(draft, fact);
  if (request === undefined || triage?.hook?.id !== request.id) return 'stale';
  const { action, notes } = fact;
  const agent = triagedAgent(draft, request);
  settleTriage(step, request, `${action}: ${notes}`, { action, notes, by: triage.name });
  if (agent !== undefined) act(step, agent, request, fact);
  const escalation = draft.get('escalation', request.escalationId);
  if (escalation === undefined || action.startsWith('escalate')) return 'applied';
  const subject = { kind: 'escalation', id: escalation.id } as const;
  step.decide({ subject, from: 'open', to: 'resolved', reason: `by triage: ${action}` });
  draft.archive('escalation', { ...escalation, closedAt: now });
  return 'applied';
};

function act(step: Step, agent: Agent, request: TriageRequest, { action, notes }: Resolved): void {
  const { draft } = step;
  const reason = `triage: ${notes}`;
  const bead = draft.get('bead', request.beadId);
  switch (action) {
    case 'nudge':
      say(step, agent, { id: step.ids.next(), text: notes, mode: 'immediate', isUrgent: true });
      return;
    case 'restart':
      return endSession(step, agent, { reason, isHeld: false });
    case 'restart_with_backoff':
      return giveUpSession(step, agent, { outcome: 'failed', reason });
    case 'reassign_bead':
      // Whoever takes it next starts without what this session remembered.
      if (bead !== undefined) draft.put('bead', { ...bead, checkpoint: undefined });
      return endSession(step, agent, { reason, isHeld: false });
    case 'close_bead':
      if (bead !== undefined) endAsWished(step, bead, { as: 'failed', by: 'triage', reason: notes });
      return;
    case 'escalate_to_mayor':
      return tellMayor(step, `triage leaves this to you: ${request.title}. ${notes}`, 'wait-idle');
    case 'escalate':
      if (request.escalationId === undefined) escalate(step, agent, request.title, notes);
      return;
    case 'discard':
  }
}
