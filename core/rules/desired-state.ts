import { desiredState } from '../town/desired.ts';
import type { Rule } from './rule.ts';

/** Writes down what the container should run, and since when that is nothing. */
export const desiredStateRule: Rule = {
  name: 'container/desired-state',
  run(step) {
    const { draft, now } = step;
    const { container } = draft;
    const desired = desiredState(draft);
    const isIdle = desired.agents.length === 0 && desired.jobs.length === 0;
    const idleSince = isIdle ? (container.idleSince ?? now) : undefined;
    // Both sides were built by the same function in the same order of keys.
    const isSame = JSON.stringify(desired) === JSON.stringify(container.desired);
    if (isSame && idleSince === container.idleSince) return;
    draft.setContainer({ ...container, desired: isSame ? container.desired : desired, idleSince });
  },
};
