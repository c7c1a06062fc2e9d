import type { Draft } from '../draft.ts';
import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import type { TriageRequest } from '../town/triage-request.ts';
import { purposeOf, release, speaker } from './agents.ts';
import { tellMayor } from './tell-mayor.ts';

/** The reference's, section 1.12: more sessions than this that are stuck at once go to people without being judged. */
const MOST_OPEN = 5;

/**
 * Asks for a decision about the agent's session. What is about triage itself goes to the mayor (hazard H-29).
 * @returns false when too much waits for one already: people are to be told instead
 */
export function askTriage(
  step: Step,
  agent: Agent,
  ask: Pick<TriageRequest, 'type' | 'title' | 'text' | 'escalationId'>,
): boolean {
  const { draft, now } = step;
  if (agent.role === 'triage') {
    tellMayor(step, ask.title, 'wait-idle');
    return true;
  }
  const open = draft.all('triageRequest').filter(({ type }) => type === ask.type);
  if (open.some(({ agentId }) => agentId === agent.id)) return true;
  if (ask.type === 'stuck_agent' && open.length >= MOST_OPEN) return false;
  const id = step.ids.next();
  step.decide({ subject: { kind: 'triageRequest', id }, to: 'open', reason: ask.title });
  const purpose = purposeOf(draft, agent);
  draft.put('triageRequest', {
    ...ask,
    id,
    rev: 0,
    rigId: agent.rigId,
    agentId: agent.id,
    attempt: agent.attempt,
    ...(purpose?.kind === 'bead' ? { beadId: purpose.id } : {}),
    attempts: 0,
    createdAt: now,
    updatedAt: now,
  });
  return true;
}

/** Whom a decision would be about: undefined when its session, or what it asked for help with, is over. */
export function triagedAgent(draft: Draft, request: TriageRequest): Agent | undefined {
  const agent = speaker(draft, request);
  const { escalationId } = request;
  const isDone = draft.get('bead', agent?.hook?.id)?.done !== undefined;
  const isHelped = escalationId !== undefined && draft.get('escalation', escalationId) === undefined;
  return isDone || isHelped ? undefined : agent;
}

/** Items of the end of a request: itself twice (live and archived), its triage agent, that session, and what it is counted on. */
export const SETTLE_COST = 6;

/** @param resolution what was decided; absent: it is over without that */
export function settleTriage(
  step: Step,
  request: TriageRequest,
  reason: string,
  resolution?: NonNullable<TriageRequest['resolution']>,
): void {
  const { draft, now } = step;
  const { id, assigneeAgentId } = request;
  const isAtIt = draft.get('agent', assigneeAgentId)?.hook?.id === id;
  if (isAtIt) release(step, assigneeAgentId, { outcome: resolution ? 'done' : 'cancelled', reason });
  const to = resolution ? 'resolved' : 'over';
  step.decide({ subject: { kind: 'triageRequest', id }, from: 'open', to, reason });
  draft.archive('triageRequest', { ...request, resolution, closedAt: now });
}
