import { pauseSession } from '../acts/sessions.ts';
import { TELL_COST } from '../acts/tell-mayor.ts';
import { RELEASE_COST } from '../facts/release-cost.ts';
import { purposeOf } from '../acts/agents.ts';
import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { isUnderHardLimit, reachedFor, reachedText, type Reached } from '../acts/budgets.ts';
import { seconds } from '../town/instant.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** How often sessions that cost are compared with a limit: what they report is no news by itself. */
const LOOK_EVERY_MS = seconds(60);

export const about: RuleAbout = {
  when: 'sessions run, and a hard limit of a budget is set',
  guards: [
    'the limit is of the session’s bead, its convoy or the town',
    'it is reached, sessions under way included',
  ],
  decides: ['the session ends; it was no attempt of its bead', 'at the town’s limit the mayor’s, too'],
  deadline: 'looked at every 60 s while sessions run',
  reference: ['#1653 (asks for a cap)', 'decision 0010'],
};

/** Sessions of what has reached a hard limit are ended; their work waits for somebody to raise it, and goes on from there. */
export const budgetLimit: Rule = {
  name: 'budget/limit',
  run(step) {
    const { draft } = step;
    const agents = draft.all('agent').filter(({ status }) => status !== 'idle');
    if (agents.length === 0 || !isUnderHardLimit(draft)) return;
    for (const agent of agents) {
      const reached = reachedBy(step, agent);
      if (reached?.level !== 'hard') continue;
      if (!step.hasRoom(RELEASE_COST + TELL_COST)) return;
      pauseSession(step, agent, reachedText(reached));
    }
    const subject = { kind: 'town', id: draft.base.head.id } as const;
    const reason = 'sessions run, and what they may cost is limited';
    const wait = { subject, state: 'progressing', waitingOn: 'the next look', reason, who: 'town' } as const;
    // When none is left, the next pass does not come here.
    step.passed(step.now, LOOK_EVERY_MS, wait);
  },
};

function reachedBy({ draft }: Step, agent: Agent): Reached | undefined {
  const purpose = purposeOf(draft, agent);
  const bead = purpose?.kind === 'bead' ? draft.get('bead', purpose.id) : undefined;
  const convoyId = purpose?.kind === 'convoy' ? purpose.id : bead?.convoyId;
  return reachedFor(draft, { bead, convoy: draft.get('convoy', convoyId) });
}
