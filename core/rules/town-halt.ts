import { stopTask } from '../acts/container.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'the town is paused or being deleted',
  guards: ['a container is there'],
  decides: [
    'in a paused town it drains, one that is starting is stopped; in one that is being deleted it is stopped',
  ],
  reference: ['the HTTP contract: pause', 'decision 0006'],
};

/** A town that is paused lets its container save and go; one that is being deleted has nothing left to save. */
export const townHalt: Rule = {
  name: 'town/halt',
  lifecycles: ['paused', 'deleting'],
  run(step) {
    const { draft, now } = step;
    const { container } = draft;
    const { lifecycle } = draft.base.head;
    const subject = { kind: 'container', id: `${container.epoch}` } as const;
    const reason = `the town is ${lifecycle === 'paused' ? 'paused' : 'being deleted'}`;
    const isUp = container.state === 'running' || container.state === 'draining';
    if (container.state === 'starting' || (isUp && lifecycle === 'deleting')) {
      const decision = step.decide({ subject, from: container.state, to: 'stopping', reason });
      return stopTask(step, 'stopping', decision);
    }
    if (container.state !== 'running') return;
    step.decide({ subject, from: 'running', to: 'draining', reason });
    draft.setContainer({ ...container, state: 'draining', since: now });
  },
};
