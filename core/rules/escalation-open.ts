import { TELL_COST, tellMayor, urgencyOf } from '../acts/tell-mayor.ts';
import type { Step } from '../step.ts';
import type { Escalation, Severity } from '../town/escalation.ts';
import { minutes } from '../town/instant.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

/** Source: the reference's re-escalation, section 1.11. */
const RAISE_EVERY_MS = minutes(4 * 60);
const MOST_RAISED = 3;
const NEXT: Readonly<Record<Severity, Severity | undefined>> = {
  low: 'medium',
  medium: 'high',
  high: 'critical',
  critical: undefined,
};

export const about: RuleAbout = {
  when: 'an escalation is open',
  guards: [
    'one about an agent’s session that is over is closed by the town itself',
    'it is not critical yet',
    'it was raised less than three times',
    'the town is active',
  ],
  decides: ['its severity is raised by one step', 'the mayor is told', 'or it is closed as over'],
  deadline: '4 h after it was made, 8 h after that, then 12 h',
  reference: ['1.11', '2.3 re-escalate', '#1956'],
};

/** An escalation waits for a person until somebody acknowledges it; meanwhile it grows more urgent, and the mayor hears of that. */
export const escalationOpen: Rule = {
  name: 'escalation/open',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    for (const escalation of step.draft.all('escalation')) {
      if (isOver(step, escalation)) close(step, escalation);
      else wait(step, escalation);
    }
  },
};

/** What the town noticed of a session is over with it; what an agent asked for is not. */
function isOver({ draft }: Step, { category, agentId, attempt }: Escalation): boolean {
  if (category === undefined) return false;
  const agent = draft.get('agent', agentId);
  return agent?.status !== 'working' || agent.attempt !== attempt;
}

function close(step: Step, escalation: Escalation): void {
  if (!step.hasRoom(2)) return;
  const subject = { kind: 'escalation', id: escalation.id } as const;
  step.decide({ subject, from: 'open', to: 'over', reason: 'the session that it is about is over' });
  step.draft.archive('escalation', { ...escalation, closedAt: step.now });
}

function wait(step: Step, escalation: Escalation): void {
  const { draft, now } = step;
  const { id, severity, title, createdAt, category, raised = 0, raisedAt = createdAt } = escalation;
  const subject = { kind: 'escalation', id } as const;
  const by = category === undefined ? 'an agent asks for help' : 'the town noticed';
  const row = {
    subject,
    state: 'needs_attention',
    waitingOn: 'acknowledgement',
    reason: `${by} (${severity}): ${title}`,
    who: 'human',
  } as const;
  const next = NEXT[severity];
  if (next === undefined || raised >= MOST_RAISED || draft.base.head.lifecycle !== 'active')
    return step.waiting(createdAt, row);
  if (!step.passed(raisedAt, (raised + 1) * RAISE_EVERY_MS, row)) return;
  if (!step.hasRoom(1 + TELL_COST)) return;
  const reason = `nobody has acknowledged it since it was ${severity}`;
  step.decide({ subject, from: severity, to: next, reason });
  draft.put('escalation', { ...escalation, severity: next, raised: raised + 1, raisedAt: now });
  tellMayor(step, `the escalation "${title}" is ${next} now: ${reason}.`, urgencyOf(next));
}
