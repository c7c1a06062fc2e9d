import { purposeOf } from '../acts/agents.ts';
import { tellMayor, urgencyOf } from '../acts/tell-mayor.ts';
import { askTriage } from '../acts/triage.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** Every step reads the live town: an agent that asks again and again is heard so often. */
const MOST_OPEN = 10;

/** An agent asks for help with what it works on. */
export const applyAgentEscalated: ApplyFact<StatementOf<InboxStatement, 'agent_escalated'>> = (
  step,
  fact,
) => {
  const { draft, now } = step;
  const agent = draft.get('agent', fact.agentId);
  if (agent === undefined || agent.attempt !== fact.attempt) return 'stale';
  const { escalationId: id, severity, title, text } = fact;
  if (draft.get('escalation', id) !== undefined) return 'stale';
  const open = draft.all('escalation').filter((one) => one.agentId === agent.id);
  if (open.length >= MOST_OPEN) return 'stale';
  const purpose = purposeOf(draft, agent);
  const beadId = purpose?.kind === 'bead' ? purpose.id : undefined;
  step.decide({ subject: { kind: 'escalation', id }, to: 'open', reason: `${agent.name}: ${title}` });
  const rigId = agent.rigId === '' ? undefined : agent.rigId;
  const of = { agentId: agent.id, beadId, rigId, createdAt: now, updatedAt: now };
  draft.put('escalation', { id, rev: 0, severity, title, text, ...of });
  if (severity !== 'low' && agent.role !== 'mayor') {
    tellMayor(
      step,
      `${agent.name} asks for help (${severity}): ${title}. Escalation ${id}.`,
      urgencyOf(severity),
    );
  }
  // Whoever decides things may end the session, which helps nobody who has none; the mayor and triage decide themselves.
  if (agent.status === 'working' && (agent.role === 'polecat' || agent.role === 'refinery')) {
    askTriage(step, agent, { type: 'escalation', title, text, escalationId: id });
  }
  return 'applied';
};
