import {
  BREAKER_LIMIT,
  BREAKER_WINDOW_MS,
  breakerOf,
  HALF_OPEN_AFTER_MS,
  setBreaker,
} from '../acts/dispatching.ts';
import { TELL_COST, tellMayor } from '../acts/tell-mayor.ts';
import type { Step } from '../step.ts';
import type { Breaker } from '../town/head.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'dispatches have failed',
  guards: [
    'only those of the last 30 minutes count',
    'it opens at 20 of them',
    'half-open, it is left alone while the one session that is tried is at work',
  ],
  decides: [
    'open: no worker, reviewer or triage agent is dispatched; the mayor is told',
    'half-open: one is',
  ],
  deadline: '5 min after it opened one session is tried',
  reference: ['3.1', 'H-04'],
};

/** When sessions keep failing to start, none is started for a while, and then one. */
export const townBreaker: Rule = {
  name: 'town/breaker',
  run(step) {
    const breaker = breakerOf(step);
    switch (breaker.state) {
      case 'closed':
        return open(step, breaker);
      case 'open':
        return tryOne(step, breaker);
      case 'halfOpen':
        return forgetProbe(step, breaker);
    }
  },
};

function open(step: Step, { failedAt }: Breaker): void {
  const { now } = step;
  const recent = failedAt.filter((at) => now - at < BREAKER_WINDOW_MS);
  if (recent.length < BREAKER_LIMIT || !step.hasRoom(TELL_COST)) return;
  const reason = `${recent.length} sessions in 30 minutes did not start`;
  setBreaker(step, { state: 'open', since: now, failedAt: recent }, reason);
  tellMayor(
    step,
    `${reason}. None is started for five minutes, then one. See what the beads wait for with gt_why.`,
    'queue',
  );
}

function tryOne(step: Step, breaker: Breaker): void {
  const subject = { kind: 'town', id: step.draft.base.head.id } as const;
  const reason = `${breaker.failedAt.length} sessions did not start: look at the provider's key, its limits, and the platform`;
  const wait = { subject, state: 'needs_attention', waitingOn: 'the breaker', reason, who: 'human' } as const;
  if (!step.passed(breaker.since, HALF_OPEN_AFTER_MS, wait)) return;
  setBreaker(step, { ...breaker, state: 'halfOpen', since: step.now }, 'one session is tried');
}

/** Somebody ended the one that was tried before it showed anything: another one is. */
function forgetProbe(step: Step, breaker: Breaker): void {
  const probe = step.draft.get('agent', breaker.probeAgentId);
  if (breaker.probeAgentId === undefined || probe?.status === 'working') return;
  setBreaker(
    step,
    { ...breaker, probeAgentId: undefined },
    'the session that was tried is over; another one is',
  );
}
