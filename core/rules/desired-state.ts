import { mayorOf } from '../acts/mayor.ts';
import { desiredState, isRunnable } from '../town/desired.ts';
import type { Draft } from '../draft.ts';
import type { Instant } from '../town/instant.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'always, after the rules that give work',
  guards: ['something of it has changed'],
  decides: ['what the container should run is written down, and since when nothing is runnable'],
  reference: ['decision 9'],
};

/** Writes down what the container should run, and since when nothing of it is runnable. */
export const desiredStateRule: Rule = {
  name: 'container/desired-state',
  run(step) {
    const { draft, now } = step;
    const { container } = draft;
    const desired = desiredState(draft);
    const idleSince = isRunnable(desired) ? undefined : Math.max(container.idleSince ?? now, activeAt(draft));
    // Both sides were built by the same function in the same order of keys.
    const isSame = JSON.stringify(desired) === JSON.stringify(container.desired);
    if (isSame && idleSince === container.idleSince) return;
    draft.setContainer({ ...container, desired: isSame ? container.desired : desired, idleSince });
  },
};

/** Somebody who has just looked at a mayor that is ready will say something soon. */
function activeAt(draft: Draft): Instant {
  const mayor = mayorOf(draft);
  return mayor?.status === 'waiting' ? Math.min(mayor.lastActiveAt ?? 0, draft.now) : 0;
}
