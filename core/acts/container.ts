import type { Draft } from '../draft.ts';
import { effectKey } from '../effects.ts';
import type { Decision, Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { minutes, seconds } from '../town/instant.ts';
import { nothingSpentInTown } from '../town/usage.ts';
import { countFailedDispatch } from './dispatching.ts';
import { enterStage } from './merge-requests.ts';
import { release } from './agents.ts';
import { reopenBead } from './beads.ts';

/** How long the last RunTask may be under way before "no such task" proves that there is none. */
const RUN_TASK_SETTLES_MS = seconds(60);

/** Nothing new is given to a container that is on its way out: it would be lost with it. */
export function isEnding(draft: Draft): boolean {
  const { state } = draft.container;
  return state === 'stopping' || state === 'lost' || isDrained(draft);
}

/** The container has saved its work and exits: asked to, or because the platform stops it (Spot, a deployment). */
export function isDrained(draft: Draft): boolean {
  const { state, epoch } = draft.container;
  const { observed } = draft.base;
  const isUp = state === 'running' || state === 'draining';
  return isUp && observed?.epoch === epoch && observed.phase === 'drained';
}

/** Gives the task up: it is stopped, and nothing else starts before it is known to be gone. */
export function stopTask(step: Step, state: 'lost' | 'stopping', decision: Decision): void {
  const { draft, now } = step;
  const { container } = draft;
  const runKey = effectKey({ type: 'run_task', epoch: container.epoch });
  const lastAskedAt = draft.outbox.get(runKey)?.sentAt ?? container.startedAt ?? now;
  draft.dropOutbox(runKey);
  draft.setContainer({ ...container, state, since: now, lastError: decision.reason });
  const absenceProvenAt = lastAskedAt + RUN_TASK_SETTLES_MS;
  const { epoch, taskArn } = container;
  step.ask({ type: 'stop_task', epoch, taskArn, reason: decision.reason, absenceProvenAt }, decision);
}

/** Losses in a row that are no attempt of the bead; more of them, and it may be the bead that ends its container. */
const FREE_LOSSES = 3;

/** A container that ran for so long was no failed start: the next loss is counted as the first. */
const HEALTHY_MS = minutes(10);

/**
 * The task of this epoch is gone. Its agents are lost: their beads go on in another session, on the same branch. A task that
 * never synced has started no agent: those wait for the next one, and no attempt of a bead is lost on a bad platform.
 */
export function containerGone(step: Step, reason: string): void {
  const { draft, now } = step;
  const { container } = draft;
  const { observed } = draft.base;
  // Saved and asked to go, by whomever: the next session continues it, and it is no failure.
  const isSaved = isDrained(draft);
  const wasAsked = isSaved || container.state === 'stopping' || container.state === 'draining';
  const isUp = container.state === 'running' || container.state === 'draining';
  const hasSynced = isUp || (observed?.epoch === container.epoch && observed.sequence > 0);
  const wasHealthy = hasSynced && now - container.since > HEALTHY_MS;
  step.decide({
    subject: { kind: 'container', id: `${container.epoch}` },
    from: container.state,
    to: 'absent',
    reason,
  });
  for (const type of ['run_task', 'stop_task'] as const) draft.dropOutbox(`${type}:${container.epoch}`);
  if (hasSynced) loseAgents(step, reason, isSaved);
  else if (!wasAsked) countFailedDispatch(step, reason);
  if (container.startedAt !== undefined) {
    const { epoch, startedAt } = container;
    draft.history.push({ kind: 'run', epoch, startedAt, stoppedAt: now, reason: reason.slice(0, 500) });
    const { containerMs, ...spent } = draft.head.spent ?? nothingSpentInTown;
    draft.setHead({ spent: { ...spent, containerMs: containerMs + now - startedAt } });
  }
  draft.setContainer({
    ...draft.container,
    state: 'absent',
    since: now,
    taskArn: undefined,
    startedAt: undefined,
    idleSince: undefined,
    failures: wasAsked ? 0 : (wasHealthy ? 0 : container.failures) + 1,
    lastFailedAt: wasAsked ? undefined : now,
    lastError: wasAsked && container.refused === undefined ? undefined : reason,
  });
}

function loseAgents(step: Step, reason: string, isSaved: boolean): void {
  const { draft } = step;
  // A trial merge is gone with its disk, so a review starts again at the check.
  for (const mr of draft.all('mergeRequest')) {
    if (mr.stage !== 'reviewing') continue;
    release(step, mr.reviewerAgentId, { outcome: isSaved ? 'stopped' : 'lost', reason });
    enterStage(step, mr, 'checking', `the container stopped: ${reason}`, {
      reviewerAgentId: undefined,
      candidate: undefined,
      reviewAttempt: Math.max(0, mr.reviewAttempt - 1),
    });
  }
  for (const agent of draft.all('agent')) {
    if (agent.status === 'idle') continue;
    const bead = agent.hook?.kind === 'bead' ? draft.get('bead', agent.hook.id) : undefined;
    if (bead?.done !== undefined) {
      // What it pushed is backed up on the remote; the next container verifies the claim without it.
      release(step, agent.id, { outcome: 'done', reason: 'it had said that it is done' });
      draft.put('bead', { ...(draft.get('bead', bead.id) ?? bead), assigneeAgentId: undefined });
    } else if (bead === undefined) loseSession(step, agent, reason, isSaved);
    else {
      const { outages = 0 } = bead;
      reopenBead(step, bead, {
        reason: `the container stopped: ${reason}`,
        // Losing its container once is not the bead's fault: only a second loss makes it wait.
        hasCooldown: !isSaved && (outages > 0 || bead.attempt > 1),
        isOutage: isSaved || outages < FREE_LOSSES,
        ...(isSaved ? { session: 'stopped' } : {}),
      });
    }
  }
}

/** The session of an agent that has no bead: the mayor's, or a review that is over. */
function loseSession(step: Step, agent: Agent, reason: string, isSaved: boolean): void {
  release(step, agent.id, { outcome: isSaved ? 'stopped' : 'lost', reason });
  if (agent.role !== 'mayor') return;
  const subject = { kind: 'agent', id: agent.id } as const;
  step.decide({ subject, from: agent.status, to: 'idle', reason: `the container stopped: ${reason}` });
}
