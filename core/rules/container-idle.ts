import { isEnding } from '../acts/container.ts';
import { sleepAfterMs } from '../town/config.ts';
import { minutes } from '../town/instant.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** Starting one costs more than two minutes of running (the reference's throttle): work that comes in drops is not paid for drop by drop. */
const IDLE_STOP_THROTTLE_MS = minutes(2);

export const about: RuleAbout = {
  when: 'a container runs or drains',
  guards: [
    'a draining one without work goes on draining',
    'one that has saved its work is not brought back',
    'nothing has been runnable for the idle time',
    'the one before was not stopped within two minutes',
  ],
  decides: ['it drains', 'or runs again, since there is work'],
  deadline: '5 min (`container.sleepAfterMinutes`), and 2 min between two stops',
  reference: ['9.7', 'H-21', 'H-27'],
};

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
    if (container.idleStoppedAt !== undefined) {
      const throttle = { ...wait, waitingOn: 'cooldown', reason: 'the last one was stopped just now, too' };
      if (!step.passed(container.idleStoppedAt, IDLE_STOP_THROTTLE_MS, throttle)) return;
    }
    step.decide({ subject, from: 'running', to: 'draining', reason });
    draft.setContainer({ ...container, state: 'draining', since: now, idleStoppedAt: now });
  },
};
