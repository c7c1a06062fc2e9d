import type { Agent } from '../town/agent.ts';
import type { Mail } from '../town/mail.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'something was to be said to an agent',
  guards: [
    'its session goes on',
    'it is the mayor’s, who hears it in the next session',
    'the time that its sender gave it is not over',
  ],
  decides: ['it is dropped; what nobody heard in time is told of'],
  deadline: 'what a sender says, for some messages',
  reference: ['1.13', '1.14'],
};

/** What was to be said in a session that is over is dropped, as much at a time as a step has room for. */
export const mailExpired: Rule = {
  name: 'mail/expired',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    const { draft } = step;
    for (const mail of draft.all('mail')) {
      const subject = { kind: 'agent', id: mail.agentId } as const;
      const isTooLate = isStillToBeSaid(draft.get('agent', mail.agentId), mail);
      if (isTooLate) {
        const { createdAt: since, expiresAt } = mail;
        const reason = 'a message waits to be heard, and is dropped after that';
        const wait = { subject, state: 'progressing', waitingOn: 'agent', reason, who: 'agent' } as const;
        if (expiresAt === undefined || !step.passed(since, expiresAt - since, wait)) continue;
      }
      if (!step.hasRoom(1)) return;
      if (isTooLate) step.decide({ subject, reason: 'a message was not heard in time: dropped' });
      draft.delete('mail', mail.id);
    }
  },
};

/** What people wrote to the mayor waits for its next session. */
function isStillToBeSaid(agent: Agent | undefined, { attempt }: Mail): boolean {
  if (agent === undefined) return false;
  return agent.role === 'mayor' || (agent.status !== 'idle' && agent.attempt === attempt);
}
