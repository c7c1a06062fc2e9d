import { stopTask } from '../acts/container.ts';
import { minutes, seconds } from '../town/instant.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

/** A task that has not synced for so long after it was asked for will not come. */
const START_LIMIT_MS = minutes(5);
/** Three missed syncs (design decision 9). */
const SYNC_LIMIT_MS = seconds(90);

export const about: RuleAbout = {
  when: 'a container is starting, running or draining',
  guards: ['its first sync has come', 'its last sync is recent'],
  decides: ['its task is stopped, and its epoch is waited for'],
  deadline: '5 min for the first sync, 90 s for every other',
  reference: ['2.3 step 5', '3.0 heartbeat staleness', 'decision 9'],
};

/** A container that does not sync is given up: its task is stopped, and the town waits until it is known to be gone. */
export const containerLost: Rule = {
  name: 'container/lost',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    const { container, base } = step.draft;
    const subject = { kind: 'container', id: `${container.epoch}` } as const;
    const lose = (reason: string): void => {
      stopTask(step, 'lost', step.decide({ subject, from: container.state, to: 'lost', reason }));
    };
    switch (container.state) {
      case 'absent':
        return;
      case 'starting': {
        const reason = 'the container is starting';
        const wait = {
          subject,
          state: 'progressing',
          waitingOn: 'first sync',
          reason,
          who: 'platform',
        } as const;
        if (step.passed(container.since, START_LIMIT_MS, wait)) lose('no first sync within 5 minutes');
        return;
      }
      case 'running':
      case 'draining': {
        const observed = base.observed?.epoch === container.epoch ? base.observed : undefined;
        const reason =
          container.state === 'running' ? 'the container is running' : 'the container is draining';
        const wait = { subject, state: 'progressing', waitingOn: 'syncs', reason, who: 'platform' } as const;
        if (step.passed(observed?.syncedAt ?? container.since, SYNC_LIMIT_MS, wait))
          lose('no sync for 90 seconds');
        return;
      }
      case 'stopping':
      case 'lost': {
        const reason = `the task of epoch ${container.epoch} is being stopped: ${container.lastError ?? 'asked to'}`;
        const wait = {
          subject,
          state: 'waiting',
          waitingOn: 'the task to stop',
          reason,
          who: 'platform',
        } as const;
        step.waiting(container.since, wait);
      }
    }
  },
};
