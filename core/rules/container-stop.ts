import { isDrained, stopTask } from '../acts/container.ts';
import { minutes, seconds } from '../town/instant.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

/** A drain that takes longer is cut short (design decision H-27). */
const DRAIN_LIMIT_MS = minutes(5);

/** In a paused town containers stop within a minute (the HTTP contract). */
const PAUSED_DRAIN_LIMIT_MS = seconds(40);

export const about: RuleAbout = {
  when: 'a container drains, or has saved its work by itself',
  guards: ['it has saved its work', 'or the time for that is over'],
  decides: ['its task is stopped'],
  deadline: '5 min; in a paused town 40 s',
  reference: ['2.7', 'H-27'],
};

/** A drained container is stopped. */
export const containerStop: Rule = {
  name: 'container/stop',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    const { container } = step.draft;
    const hasSaved = isDrained(step.draft);
    if (container.state !== 'draining' && !hasSaved) return;
    const subject = { kind: 'container', id: `${container.epoch}` } as const;
    const reason = 'saving work before it stops';
    const wait = { subject, state: 'waiting', waitingOn: 'drain', reason, who: 'platform' } as const;
    const limitMs = step.draft.base.head.lifecycle === 'active' ? DRAIN_LIMIT_MS : PAUSED_DRAIN_LIMIT_MS;
    if (!hasSaved && !step.passed(container.since, limitMs, wait)) return;
    const because = hasSaved
      ? 'drained: its work is saved'
      : `the drain took longer than ${limitMs / 1000} seconds`;
    stopTask(
      step,
      'stopping',
      step.decide({ subject, from: container.state, to: 'stopping', reason: because }),
    );
  },
};
