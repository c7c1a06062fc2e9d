import { containerRestartMs, LOOK_AFTER } from './backoff.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'nothing runs, and something is runnable',
  guards: [
    'the pause after containers that failed, or that the platform had no room for, is over',
    'the step has room',
  ],
  decides: ['the next epoch starts'],
  deadline: 'none after the first failure, then 30 s, 1, 2, 5, 10 min; people should look after five',
  reference: ['2.4', 'decision 9'],
};

/** Runnable work starts a container; one that keeps failing to start, or finds no room, is tried ever more rarely. */
export const containerStart: Rule = {
  name: 'container/start',
  run(step) {
    const { draft, now } = step;
    const { container } = draft;
    if (container.state !== 'absent' || container.idleSince !== undefined) return;
    const subject = { kind: 'container', id: `${container.epoch + 1}` } as const;
    const { refused, lastFailedAt = refused?.at } = container;
    if (lastFailedAt !== undefined) {
      const times = refused?.times ?? container.failures;
      const isLong = times >= LOOK_AFTER;
      const what = refused === undefined ? 'failed' : 'found no room on the platform';
      const wait = {
        subject,
        state: isLong ? 'needs_attention' : 'waiting',
        waitingOn: refused === undefined ? 'cooldown' : 'capacity',
        reason: `${times} containers in a row ${what}, the last one: ${container.lastError ?? '?'}`,
        who: isLong ? 'human' : 'platform',
      } as const;
      if (!step.passed(lastFailedAt, containerRestartMs(times), wait)) return;
    }
    if (!step.hasRoom(2)) return;
    const epoch = container.epoch + 1;
    const { agents, jobs } = container.desired;
    const reason = `${agents.length} agents and ${jobs.length} jobs are runnable`;
    const decision = step.decide({ subject, from: 'absent', to: 'starting', reason });
    draft.setContainer({ ...container, state: 'starting', since: now, startedAt: now, epoch });
    step.ask({ type: 'run_task', epoch }, decision);
  },
};
