import type { Draft } from '../draft.ts';
import { addUsage, nothingSpentInSessions, nothingSpentInTown, noUsage, type Spent } from '../town/usage.ts';
import { agentSlots } from '../town/config.ts';
import { POLECAT_NAMES, type Agent } from '../town/agent.ts';
import type { Step } from '../step.ts';
import type { AgentReport } from '../protocol/report.ts';

/** The report of the agent's current attempt, if the current container made one. */
export function reportOf(draft: Draft, agent: Agent): AgentReport | undefined {
  const { observed } = draft.base;
  if (observed === undefined || observed.epoch !== draft.container.epoch) return undefined;
  return observed.agents.find((report) => report.agentId === agent.id && report.attempt === agent.attempt);
}

/** Who says something, if it is still in the session in which it says it. */
export function speaker(
  draft: Draft,
  { agentId, attempt }: { readonly agentId?: string | undefined; readonly attempt?: number | undefined },
): Agent | undefined {
  const agent = draft.get('agent', agentId);
  return agent?.attempt === attempt && agent?.status !== 'idle' ? agent : undefined;
}

/** What the agent's current attempt has spent so far, as far as it was reported. */
function spentBy(draft: Draft, agent: Agent | undefined): Spent {
  const report = agent === undefined ? undefined : reportOf(draft, agent);
  if (report === undefined) return noUsage;
  const { inputTokens, outputTokens, costUsd } = report.usage;
  return { inputTokens, outputTokens, costUsd };
}

/** Why no further agent fits into the container; undefined: one does. */
export function fullContainer(draft: Draft): string | undefined {
  const working = draft.all('agent').filter((agent) => agent.status === 'working' && agent.role !== 'mayor');
  const slots = agentSlots(draft.base.config);
  return working.length >= slots ? `all ${slots} places in the container are taken` : undefined;
}

/** An idle agent of the role in the rig, or a new one. @param preferredId whose memory of the work is kept */
export function idleAgent(
  step: Step,
  role: Exclude<Agent['role'], 'mayor'>,
  rigId: string,
  preferredId?: string,
): Agent {
  const { draft, now } = step;
  const agents = draft.all('agent');
  const idle = agents.filter(
    (agent) => agent.role === role && agent.rigId === rigId && agent.status === 'idle',
  );
  const found = idle.find(({ id }) => id === preferredId) ?? idle[0];
  if (found !== undefined) return found;
  const taken = new Set(agents.map((agent) => agent.name));
  const count = agents.filter((agent) => agent.role === 'polecat').length;
  const free = POLECAT_NAMES.find((name) => !taken.has(name)) ?? `Polecat-${count + 1}`;
  return {
    id: step.ids.next(),
    rev: 0,
    role,
    name: role === 'polecat' ? free : role,
    rigId,
    status: 'idle',
    attempt: 0,
    createdAt: now,
    updatedAt: now,
  };
}

/** The agent works on the hooked item from now on, in a session of its own: nothing said of an earlier one counts for it. */
export function hook(step: Step, agent: Agent, to: NonNullable<Agent['hook']>): Agent {
  const attempt = agent.attempt + 1;
  const { breaker } = step.draft.head;
  if (breaker?.state === 'halfOpen') step.draft.setHead({ breaker: { ...breaker, probeAgentId: agent.id } });
  const fresh = { attempt, dispatchedAt: step.now, statusMessage: undefined };
  return step.draft.put('agent', { ...agent, status: 'working', hook: to, ...fresh });
}

/**
 * What an agent's work is for: the bead, or the convoy of a landing; of triage, the bead that waits for it. Undefined for the mayor, and
 * for what is not live any more.
 */
export function purposeOf(
  draft: Draft,
  { hook }: Agent,
): { kind: 'bead' | 'convoy'; id: string } | undefined {
  if (hook === undefined) return undefined;
  if (hook.kind === 'mergeRequest') return draft.get('mergeRequest', hook.id)?.subject;
  if (hook.kind === 'bead') return { kind: 'bead', id: hook.id };
  const bead = draft.get('bead', draft.get('triageRequest', hook.id)?.beadId);
  return bead && { kind: 'bead', id: bead.id };
}

/** Counts what the agent's current attempt spent: on what it was for, on the convoy of that, and on the town. */
function countSpent(draft: Draft, agent: Agent): void {
  const spent = spentBy(draft, agent);
  const ms = reportOf(draft, agent) === undefined ? 0 : draft.now - (agent.dispatchedAt ?? draft.now);
  if (spent.inputTokens + spent.outputTokens + spent.costUsd + ms === 0) return;
  const { containerMs, ...ofTown } = draft.head.spent ?? nothingSpentInTown;
  draft.setHead({ spent: { ...addUsage(ofTown, spent), containerMs } });
  const subject = purposeOf(draft, agent);
  const bead = draft.get('bead', subject?.kind === 'bead' ? subject.id : undefined);
  if (bead !== undefined) {
    const sessionMs = (bead.sessionMs ?? 0) + ms;
    draft.put('bead', { ...bead, usage: addUsage(bead.usage, spent), sessionMs });
  }
  const convoy = draft.get('convoy', subject?.kind === 'convoy' ? subject.id : bead?.convoyId);
  if (convoy === undefined) return;
  const { sessionMs, ...before } = convoy.spent ?? nothingSpentInSessions;
  draft.put('convoy', {
    ...convoy,
    spent: { ...addUsage(before, spent), sessionMs: sessionMs + ms },
    ...(subject?.kind === 'convoy' ? { usage: addUsage(convoy.usage ?? noUsage, spent) } : {}),
  });
}

/** How a session ended, for the record of the attempt. */
export interface SessionEnd {
  readonly outcome: 'done' | 'approved' | 'changes_requested' | 'cancelled' | 'stopped' | 'lost' | 'failed';
  readonly reason: string;
}

/** Remembers the agent's session as an attempt at its work. */
function keepAttempt(step: Step, agent: Agent, { outcome, reason }: SessionEnd): void {
  const { draft, now } = step;
  if (agent.dispatchedAt === undefined) return;
  const purpose = purposeOf(draft, agent);
  const bead = draft.get('bead', purpose?.kind === 'bead' ? purpose.id : undefined);
  const branch = bead?.branch ?? draft.get('mergeRequest', agent.hook?.id)?.branch;
  draft.history.push({
    kind: 'attempt',
    subject: agent.hook ?? { kind: 'town', id: draft.base.head.id },
    ...(purpose?.kind === 'bead' ? { beadId: purpose.id } : {}),
    ...(purpose?.kind === 'convoy' ? { convoyId: purpose.id } : {}),
    ...(bead?.convoyId === undefined ? {} : { convoyId: bead.convoyId }),
    ...(agent.rigId === '' ? {} : { rigId: agent.rigId }),
    ...(branch === undefined ? {} : { branch }),
    agentId: agent.id,
    agentName: agent.name,
    role: agent.role,
    session: agent.attempt,
    attempt: agent.hook?.kind === 'bead' ? (bead?.attempt ?? 0) : 0,
    epoch: draft.container.epoch,
    startedAt: agent.dispatchedAt,
    endedAt: now,
    outcome,
    reason: reason.slice(0, 500),
    usage: spentBy(draft, agent),
  });
}

/**
 * The agent is free again, and what it spent goes to its work item. What was to be said to it is no part of this: people may
 * have said more than a step has room for, and the rule `mail/expired` takes it away.
 */
export function release(step: Step, agentId: string | undefined, end: SessionEnd): void {
  const { draft } = step;
  const agent = draft.get('agent', agentId);
  if (agent === undefined || agent.status === 'idle') return;
  keepAttempt(step, agent, end);
  countSpent(draft, agent);
  draft.put('agent', { ...agent, status: 'idle', hook: undefined });
}
