import { noUsage } from '../../../core/town/usage.ts';
import type { Agent } from '../../../core/town/agent.ts';
import type { Town } from '../../../core/town/town.ts';
import { attemptId, type Session } from '../answers/attempt.ts';
import type { TownDeps } from '../context.ts';

/** Sessions of one bead that one call reads; a bead has a few, a much reopened one some dozens. */
const MAX_SESSIONS = 1000;

/** Every session at a bead and at its reviews, oldest first; the ones at work last. */
export async function attemptsAt(
  { store }: TownDeps,
  town: Town,
  beadId: string,
): Promise<(Session & { readonly id: string })[]> {
  const ended = await store.history(town.head.id, 'attempt', { limit: MAX_SESSIONS, purposeId: beadId });
  const running = [...town.live.agent.values()].flatMap((agent) => runningAt(town, agent, beadId));
  return [...ended, ...running].map((session) => ({ ...session, id: attemptId(session) }));
}

function runningAt({ live, container, observed }: Town, agent: Agent, beadId: string): Session[] {
  const { hook, dispatchedAt } = agent;
  if (hook === undefined || dispatchedAt === undefined) return [];
  const mr = hook.kind === 'mergeRequest' ? live.mergeRequest.get(hook.id) : undefined;
  const triage = hook.kind === 'triageRequest' ? live.triageRequest.get(hook.id) : undefined;
  const workedOn = hook.kind === 'bead' ? hook.id : (mr?.subject.id ?? triage?.beadId);
  if (workedOn !== beadId) return [];
  const bead = live.bead.get(beadId);
  const report = observed?.agents.find((one) => one.agentId === agent.id && one.attempt === agent.attempt);
  const isCurrent = observed?.epoch === container.epoch;
  const { inputTokens, outputTokens, costUsd } = (isCurrent ? report?.usage : undefined) ?? noUsage;
  return [
    {
      subject: hook,
      beadId,
      agentId: agent.id,
      agentName: agent.name,
      role: agent.role,
      session: agent.attempt,
      attempt: hook.kind === 'bead' ? (bead?.attempt ?? 0) : 0,
      ...(bead?.branch === undefined ? {} : { branch: bead.branch }),
      epoch: container.epoch,
      startedAt: dispatchedAt,
      outcome: 'running',
      reason:
        isCurrent && report !== undefined ? `the session is ${report.state}` : 'waits for the container',
      usage: { inputTokens, outputTokens, costUsd },
    },
  ];
}
