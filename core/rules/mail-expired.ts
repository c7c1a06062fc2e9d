import type { Agent } from '../town/agent.ts';
import type { Mail } from '../town/mail.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'something was to be said to an agent',
  guards: ['its session goes on', 'it is the mayor’s, who hears it in the next session'],
  decides: ['it is dropped'],
  reference: ['1.13', '1.14'],
};

/** What was to be said in a session that is over is dropped, as much at a time as a step has room for. */
export const mailExpired: Rule = {
  name: 'mail/expired',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    const { draft } = step;
    for (const mail of draft.all('mail')) {
      if (isStillToBeSaid(draft.get('agent', mail.agentId), mail)) continue;
      if (!step.hasRoom(1)) return;
      draft.delete('mail', mail.id);
    }
  },
};

/** What people wrote to the mayor waits for its next session. */
function isStillToBeSaid(agent: Agent | undefined, { attempt }: Mail): boolean {
  if (agent === undefined) return false;
  return agent.role === 'mayor' || (agent.status !== 'idle' && agent.attempt === attempt);
}
