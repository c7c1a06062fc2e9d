import { stopTask } from '../acts/container.ts';
import { minutes } from '../town/instant.ts';
import type { Rule } from './rule.ts';

/** A drain that takes longer is cut short (design decision H-27). */
const DRAIN_LIMIT_MS = minutes(5);

/** A drained container is stopped. */
export const containerStop: Rule = {
  name: 'container/stop',
  run(step) {
    const { container, base } = step.draft;
    if (container.state !== 'draining') return;
    const subject = { kind: 'container', id: `${container.epoch}` } as const;
    const isDrained = base.observed?.epoch === container.epoch && base.observed.phase === 'drained';
    const reason = 'saving work before it stops';
    const wait = { subject, state: 'waiting', waitingOn: 'drain', reason, who: 'platform' } as const;
    if (!isDrained && !step.passed(container.since, DRAIN_LIMIT_MS, wait)) return;
    const because = isDrained ? 'drained: nothing is runnable' : 'the drain took longer than 5 minutes';
    stopTask(step, 'stopping', step.decide({ subject, from: 'draining', to: 'stopping', reason: because }));
  },
};
