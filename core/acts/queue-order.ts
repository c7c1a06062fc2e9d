import type { Draft } from '../draft.ts';
import { PRIORITY_ORDER } from '../town/bead.ts';
import { minutes, type Instant } from '../town/instant.ts';
import type { MergeRequest } from '../town/merge-request.ts';

/**
 * What a step of priority is worth in waiting: a merge request is overtaken only by more urgent ones that came within so long after it,
 * so that none waits for ever.
 */
const PRIORITY_STEP_MS = minutes(30);

/** When it would have come into the queue if it were critical; a landing counts like a bead of medium priority. */
function rankOf(draft: Draft, { createdAt, subject }: MergeRequest): Instant {
  const bead = subject.kind === 'bead' ? draft.get('bead', subject.id) : undefined;
  return createdAt + PRIORITY_ORDER[bead?.priority ?? 'medium'] * PRIORITY_STEP_MS;
}

/** Merge requests in the order in which they get the slot of their rig. */
export function inQueueOrder(draft: Draft, requests: readonly MergeRequest[]): MergeRequest[] {
  const ranked = requests.map((mr) => ({ mr, rank: rankOf(draft, mr) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.mr.id < b.mr.id ? -1 : 1));
  return ranked.map(({ mr }) => mr);
}
