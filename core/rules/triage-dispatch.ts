import { fullContainer, hook, idleAgent } from '../acts/agents.ts';
import { isEnding } from '../acts/container.ts';
import { mayCost, mayDispatch } from '../acts/dispatching.ts';
import { escalate, STUCK_TEXT } from '../acts/escalate.ts';
import { SETTLE_COST, settleTriage, triagedAgent } from '../acts/triage.ts';
import type { Step } from '../step.ts';
import { minutes } from '../town/instant.ts';
import type { TriageRequest } from '../town/triage-request.ts';
import { dispatchCooldownMs } from './backoff.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** Nobody waits longer than this for a decision of agents. */
const DECIDE_MS = minutes(30);
/** Sessions that may end without one. */
const MOST_ATTEMPTS = 3;

export const about: RuleAbout = {
  when: 'something waits for a decision of triage',
  guards: [
    'the session that it is about goes on, and what was asked for is open (else it is over)',
    'three sessions at most end without a decision (then people decide)',
    'no budget is spent',
    'the container is not on its way out',
    'the pause after the last session is over',
    'the breaker lets it',
    'no other triage agent is at work, and there is a place in the container',
  ],
  decides: ['a triage agent takes it, the oldest first', 'people are told when nobody has decided'],
  deadline: '30 min for a decision; 30 s, 1, 2 min after a session without one',
  reference: ['1.12', '8.7', 'H-29', 'H-19'],
};

/** One triage agent at a time looks at what waits for a decision; what it cannot settle in time goes to people. */
export const triageDispatch: Rule = {
  name: 'triage/dispatch',
  run(step) {
    for (const request of step.draft.all('triageRequest')) look(step, request);
  },
};

function look(step: Step, request: TriageRequest): void {
  const { draft } = step;
  const { id, createdAt, attempts, assigneeAgentId } = request;
  const subject = { kind: 'triageRequest', id } as const;
  const about = triagedAgent(draft, request);
  if (about === undefined) {
    if (step.hasRoom(SETTLE_COST)) settleTriage(step, request, 'what it is about is over');
    return;
  }
  const isAtIt = draft.get('agent', assigneeAgentId)?.hook?.id === id;
  const reason = `${request.title}: ${isAtIt ? 'triage looks at it' : `waits for triage, attempt ${attempts + 1}`}`;
  const wait = { subject, state: 'progressing', waitingOn: 'a decision', reason, who: 'agent' } as const;
  const isLeft = isAtIt || attempts < MOST_ATTEMPTS;
  if (!isLeft || step.passed(createdAt, DECIDE_MS, wait)) {
    if (!step.hasRoom(SETTLE_COST + 1)) return;
    settleTriage(step, request, 'nobody has decided on it: people have to');
    if (request.escalationId === undefined) escalate(step, about, request.title, STUCK_TEXT);
  } else if (!isAtIt) dispatch(step, request, subject);
}

function dispatch(
  step: Step,
  waiting: TriageRequest,
  subject: { readonly kind: 'triageRequest'; readonly id: string },
): void {
  const { draft, now } = step;
  if (!step.hasRoom(2)) return;
  // The session that looked at it has ended without a decision.
  const request =
    waiting.assigneeAgentId === undefined
      ? waiting
      : draft.put('triageRequest', { ...waiting, assigneeAgentId: undefined, cooldownFrom: now });
  const { cooldownFrom, createdAt } = request;
  const bead = draft.get('bead', request.beadId);
  if (!mayCost(step, subject, { bead, convoy: draft.get('convoy', bead?.convoyId) }) || isEnding(draft))
    return;
  const reason = 'a session ended without a decision; the next one starts after a pause';
  const pause = { subject, state: 'waiting', waitingOn: 'cooldown', reason, who: 'town' } as const;
  const isRested =
    cooldownFrom === undefined || step.passed(cooldownFrom, dispatchCooldownMs(request.attempts), pause);
  if (!isRested || !mayDispatch(step, subject)) return;
  const isBusy = draft.all('agent').some(({ role, status }) => role === 'triage' && status === 'working');
  const full = isBusy ? 'triage decides on one thing at a time' : fullContainer(draft);
  if (full !== undefined) {
    const queued = { subject, state: 'queued', waitingOn: 'capacity', reason: full, who: 'town' } as const;
    return step.waiting(createdAt, queued);
  }
  const attempts = request.attempts + 1;
  const agent = hook(step, idleAgent(step, 'triage', request.rigId), subject);
  step.decide({ subject, reason: `${agent.name} looks at it, attempt ${attempts}` });
  draft.put('triageRequest', { ...request, attempts, assigneeAgentId: agent.id });
}
