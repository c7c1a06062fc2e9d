import { minutes } from '../town/instant.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** Source: the reference's retention of agents. */
const RETENTION_MS = minutes(24 * 60);

export const about: RuleAbout = {
  when: 'the town wakes for whatever reason',
  guards: ['the agent is idle', 'it is not the mayor', 'its last session, or its making, was a day ago'],
  decides: ['the agent is deleted'],
  deadline: '24 h, but the town does not wake for it',
  reference: ['3.7', 'H-26', 'H-28'],
};

/**
 * Agents that have had nothing to do for a day go; the next ones get their names. It is done when the town wakes for something else:
 * an idle town is not woken to be tidied up.
 */
export const agentGarbage: Rule = {
  name: 'agent/garbage',
  run(step) {
    const { draft, now } = step;
    for (const agent of draft.all('agent')) {
      const isUnused = agent.status === 'idle' && now - agent.updatedAt >= RETENTION_MS;
      if (!isUnused || agent.role === 'mayor') continue;
      if (!step.hasRoom(2)) return;
      const reason = 'it has had nothing to do for a day';
      step.decide({ subject: { kind: 'agent', id: agent.id }, from: 'idle', to: 'deleted', reason });
      draft.delete('agent', agent.id);
    }
  },
};
