import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { reachedFor, reachedText } from './budgets.ts';
import type { Breaker } from '../town/head.ts';
import { minutes } from '../town/instant.ts';
import type { Subject } from '../wait.ts';

/** The reference's breaker, section 3.1; it counts dispatches that failed, not attempts (hazard H-04). */
export const BREAKER_WINDOW_MS = minutes(30);
export const BREAKER_LIMIT = 20;
export const HALF_OPEN_AFTER_MS = minutes(5);

const CLOSED: Breaker = { state: 'closed', since: 0, failedAt: [] };
export const breakerOf = ({ draft }: Step): Breaker => draft.head.breaker ?? CLOSED;

/**
 * A session that never did anything: it broke before it spent a token, or did not start, or its container did not. What fails on its
 * merits is no failed dispatch.
 */
export function countFailedDispatch(step: Step, reason: string): void {
  const { draft, now } = step;
  const breaker = breakerOf(step);
  const failedAt = [...breaker.failedAt.filter((at) => now - at < BREAKER_WINDOW_MS), now].slice(
    -BREAKER_LIMIT,
  );
  if (breaker.state !== 'halfOpen') return draft.setHead({ breaker: { ...breaker, failedAt } });
  setBreaker(
    step,
    { state: 'open', since: now, failedAt },
    `the session that was tried failed, too: ${reason}`,
  );
}

/** A session that spends tokens shows that dispatches work again; only the one that was tried says so. */
export function countWorkingDispatch(step: Step, agent: Agent): void {
  const breaker = breakerOf(step);
  if (breaker.state !== 'halfOpen' || breaker.probeAgentId !== agent.id) return;
  setBreaker(step, undefined, `${agent.name} works: sessions start again`);
}

/** @param breaker undefined: closed, and nothing is remembered of what was */
export function setBreaker(step: Step, breaker: Breaker | undefined, reason: string): void {
  const from = breakerOf(step).state;
  const to = breaker?.state ?? 'closed';
  const subject = { kind: 'town', id: step.draft.base.head.id } as const;
  step.decide({ subject, from: `breaker ${from}`, to: `breaker ${to}`, reason });
  step.draft.setHead({ breaker });
}

/** Whether the budgets allow a session for this bead, convoy or just the town; if not, says for the subject why. */
export function mayCost(step: Step, subject: Subject, of: Parameters<typeof reachedFor>[1]): boolean {
  const reached = reachedFor(step.draft, of);
  if (reached === undefined) return true;
  const { updatedAt } = step.draft.base.head;
  const wait = { subject, state: 'needs_attention', waitingOn: 'the budget', who: 'human' } as const;
  step.waiting(updatedAt, { ...wait, reason: reachedText(reached) });
  return false;
}

/** Whether sessions may start just now; if not, says for the subject why. */
export function mayDispatch(step: Step, subject: Subject): boolean {
  const { state, since, probeAgentId } = breakerOf(step);
  const wait = { subject, state: 'waiting', waitingOn: 'the breaker', who: 'platform' } as const;
  if (state === 'open') {
    const reason = `${BREAKER_LIMIT} sessions in ${BREAKER_WINDOW_MS / 60_000} minutes did not start; one is tried after a pause`;
    // The rule `town/breaker` opens the way when the time is over.
    return step.passed(since, HALF_OPEN_AFTER_MS, { ...wait, reason });
  }
  if (state !== 'halfOpen' || probeAgentId === undefined) return true;
  const reason = 'one session is tried first; the others follow when it works';
  step.waiting(since, { ...wait, reason });
  return false;
}
