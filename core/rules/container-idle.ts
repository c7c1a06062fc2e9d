import { isEnding } from '../acts/container.ts';
import { sleepAfterMs } from '../town/config.ts';
import type { Rule } from './rule.ts';

/** A container without runnable work is drained after a while; work that comes before it has saved cancels that. */
export const containerIdle: Rule = {
  name: 'container/idle',
  run(step) {
    const { draft, now } = step;
    const { container } = draft;
    const subject = { kind: 'container', id: `${container.epoch}` } as const;
    if (container.state === 'draining' && container.idleSince === undefined) {
      if (isEnding(draft)) return;
      step.decide({ subject, from: 'draining', to: 'running', reason: 'there is work again' });
      draft.setContainer({ ...container, state: 'running', since: now });
      return;
    }
    if (container.state !== 'running' || container.idleSince === undefined) return;
    const reason = 'nothing is runnable';
    const wait = { subject, state: 'waiting', waitingOn: 'work', reason, who: 'town' } as const;
    if (!step.passed(container.idleSince, sleepAfterMs(draft.base.config), wait)) return;
    step.decide({ subject, from: 'running', to: 'draining', reason });
    draft.setContainer({ ...container, state: 'draining', since: now });
  },
};
