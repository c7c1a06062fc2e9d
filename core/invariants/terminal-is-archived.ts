import { hasEnded } from '../town/bead.ts';
import type { Invariant } from './invariant.ts';

/** What has ended is not in the live range. */
export const terminalIsArchived: Invariant = {
  name: 'terminal-is-archived',
  check(draft) {
    const beads = draft.all('bead').filter(({ status }) => hasEnded(status));
    const mrs = draft.all('mergeRequest').filter(({ stage }) => stage === 'merged' || stage === 'failed');
    const convoys = draft.all('convoy').filter(({ state }) => state === 'landed' || state === 'closed');
    return [...beads, ...mrs, ...convoys].map(({ id }) => `${id} has ended and is live`);
  },
};
