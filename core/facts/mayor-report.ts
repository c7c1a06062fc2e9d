import { loseMayor } from '../acts/mayor.ts';
import { createIds } from '../ids.ts';
import type { AgentReport } from '../protocol/report.ts';
import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { RELEASE_COST } from './release-cost.ts';

type Reply = NonNullable<AgentReport['replies']>[number];

/** The mayor's session as the container sees it: what it answered, and whether a turn is in progress. */
export function applyMayorReport(step: Step, mayor: Agent, report: AgentReport): void {
  const { draft } = step;
  const { repliesTaken = 0 } = mayor;
  const fresh = (report.replies ?? [])
    .filter(({ sequence }) => sequence > repliesTaken)
    .toSorted((a, b) => a.sequence - b.sequence);
  if (!step.hasRoom(RELEASE_COST + fresh.length)) return;
  takeReplies(step, mayor, fresh);
  const current = draft.get('agent', mayor.id) ?? mayor;
  // Somebody ended the session meanwhile: what it had answered before counts, what it does now does not.
  if (current.status === 'idle') return;
  if (report.state === 'exited' || report.state === 'failed') {
    const reason = `${mayor.name} ${report.state}: ${report.reason ?? 'no reason given'}`;
    loseMayor(step, current, { outcome: 'failed', reason });
    return;
  }
  const next = followed(step, current, report);
  if (next.status !== current.status) {
    const reason =
      next.status === 'waiting' ? 'its session is ready, no turn is in progress' : 'a turn begins';
    step.decide({
      subject: { kind: 'agent', id: mayor.id },
      from: current.status,
      to: next.status,
      reason,
    });
  }
  // Applied in every step: a report that says nothing new must change nothing.
  if (FOLLOWED.some((field) => next[field] !== current[field])) draft.put('agent', next);
}

const FOLLOWED = ['status', 'lastActiveAt', 'failures', 'lastFailedAt', 'lastProblem'] as const;

/** Each reply becomes a message of the chat, once. */
function takeReplies(step: Step, mayor: Agent, replies: readonly Reply[]): void {
  const { draft, now, ids } = step;
  for (const [place, { sequence, text }] of replies.entries()) {
    // The chat is in the order of its ids: those of one step follow each other.
    const id = createIds(`${ids.seed} reply ${sequence}`, now + place).next();
    draft.history.push({ kind: 'chat', id, from: 'mayor', text, at: now });
  }
  const last = replies.at(-1);
  if (last === undefined) return;
  step.decide({ subject: { kind: 'agent', id: mayor.id }, reason: `${mayor.name} answered` });
  draft.put('agent', { ...mayor, repliesTaken: last.sequence });
}

/** The record as the report says. Only turns count as activity: a session that lives is not thereby busy (hazard H-02). */
function followed({ now }: Step, mayor: Agent, { state, lastTurnAt }: AgentReport): Agent {
  const turnAt = lastTurnAt === undefined ? Number.NaN : Date.parse(lastTurnAt);
  // The container's clock may be ahead of ours.
  const active = Math.max(mayor.lastActiveAt ?? 0, Number.isNaN(turnAt) ? 0 : Math.min(turnAt, now));
  const lastActiveAt = active === 0 ? undefined : active;
  if (state !== 'idle') return { ...mayor, lastActiveAt, status: 'working' };
  const waiting = { ...mayor, lastActiveAt, status: 'waiting' as const };
  // A turn that ended well proves that sessions do not break any more; one that only started does not.
  return lastTurnAt === undefined
    ? waiting
    : { ...waiting, failures: undefined, lastFailedAt: undefined, lastProblem: undefined };
}
