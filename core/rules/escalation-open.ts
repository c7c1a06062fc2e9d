import { ALL_LIFECYCLES, type Rule } from './rule.ts';

/** An escalation waits for a person until somebody acknowledges it. */
export const escalationOpen: Rule = {
  name: 'escalation/open',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    for (const { id, severity, title, createdAt } of step.draft.all('escalation')) {
      const subject = { kind: 'escalation', id } as const;
      const reason = `an agent asks for help (${severity}): ${title}`;
      const wait = { state: 'needs_attention', waitingOn: 'acknowledgement', who: 'human' } as const;
      step.waiting(createdAt, { subject, ...wait, reason });
    }
  },
};
