import { isDrained, stopTask } from '../acts/container.ts';
import { minutes } from '../town/instant.ts';
import type { Rule } from './rule.ts';

/** A drain that takes longer is cut short (design decision H-27). */
const DRAIN_LIMIT_MS = minutes(5);

/** A drained container is stopped. */
export const containerStop: Rule = {
  name: 'container/stop',
  run(step) {
    const { container } = step.draft;
    const hasSaved = isDrained(step.draft);
    if (container.state !== 'draining' && !hasSaved) return;
    const subject = { kind: 'container', id: `${container.epoch}` } as const;
    const reason = 'saving work before it stops';
    const wait = { subject, state: 'waiting', waitingOn: 'drain', reason, who: 'platform' } as const;
    if (!hasSaved && !step.passed(container.since, DRAIN_LIMIT_MS, wait)) return;
    const because = hasSaved ? 'drained: its work is saved' : 'the drain took longer than 5 minutes';
    stopTask(
      step,
      'stopping',
      step.decide({ subject, from: container.state, to: 'stopping', reason: because }),
    );
  },
};
