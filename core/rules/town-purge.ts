import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'the town is being deleted',
  guards: ['nothing of it runs any more', 'its records are not on their way out already'],
  decides: ['everything it has is deleted, the head last'],
  reference: ['1.1 destroy', 'F16'],
};

/** When nothing of a deleted town runs any more, its records go; the worker takes the head away last. */
export const townPurge: Rule = {
  name: 'town/purge',
  lifecycles: ['deleting'],
  run(step) {
    const { draft } = step;
    const { head } = draft.base;
    if (draft.container.state !== 'absent' || draft.outbox.has('purge_town')) return;
    const subject = { kind: 'town', id: head.id } as const;
    step.ask({ type: 'purge_town' }, step.decide({ subject, reason: 'nothing of it runs: its records go' }));
  },
};
