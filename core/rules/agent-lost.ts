import { reportOf } from '../acts/agents.ts';
import { countFailedDispatch } from '../acts/dispatching.ts';
import { loseMayor } from '../acts/mayor.ts';
import { giveUpSession } from '../acts/sessions.ts';
import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { minutes } from '../town/instant.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** An agent that a running container has not reported for so long after its dispatch never started. */
const START_LIMIT_MS = minutes(5);

export const about: RuleAbout = {
  when: 'an agent is dispatched',
  guards: [
    'the container runs: until then it is said that the agent starts with it',
    'the container does not report the agent’s session yet',
  ],
  decides: [
    'a worker’s bead is open again, a reviewer’s merge request gets another one, the mayor’s session counts as broken; it counts as a failed dispatch',
  ],
  deadline: '5 min after the dispatch, or after the container’s start if that was later',
  reference: ['3.2 A1', '8.6', '#1358'],
};

/** A working agent is accounted for: its session runs, is about to, or it is lost and its work goes on with another. */
export const agentLost: Rule = {
  name: 'agent/lost',
  run(step) {
    const { draft } = step;
    for (const agent of draft.all('agent')) {
      if (agent.status !== 'working') continue;
      const { container } = draft;
      const report = reportOf(draft, agent);
      const since = agent.dispatchedAt ?? agent.updatedAt;
      const subject = agent.hook ?? ({ kind: 'agent', id: agent.id } as const);
      const state = 'progressing';
      if (container.state !== 'running') {
        const reason = `${agent.name} starts when the container runs (it is ${container.state})`;
        step.waiting(since, { subject, state: 'waiting', waitingOn: 'container', reason, who: 'platform' });
      } else if (report !== undefined) {
        // Its session is there: what it does is looked at by `agent/patrol`, and by `mayor/session` for the mayor.
        continue;
      } else {
        const reason = `${agent.name} is starting (its session ${agent.attempt})`;
        const wait = { subject, state, waitingOn: 'agent', reason, who: 'platform' } as const;
        const startFrom = Math.max(since, container.since);
        if (step.passed(startFrom, START_LIMIT_MS, wait)) lose(step, agent);
      }
    }
  },
};

function lose(step: Step, agent: Agent): void {
  if (!step.hasRoom(5)) return;
  const reason = `${agent.name} did not start within 5 minutes`;
  if (agent.role === 'mayor') return loseMayor(step, agent, { outcome: 'lost', reason });
  countFailedDispatch(step, reason);
  giveUpSession(step, agent, { outcome: 'lost', reason });
}
