import type { Step } from '../step.ts';
import type { Bead } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import type { Instant } from '../town/instant.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import type { Subject } from '../wait.ts';
import { endBead, endingCost } from './beads.ts';
import { endMergeRequest } from './merge-requests.ts';
import { mergeRequestOf } from './merging.ts';

/** Says what it has come to; a merge that is under way is waited for, and in a paused town that merge waits for the resumption. */
export function waitForRest(
  step: Step,
  subject: Subject,
  being: string,
  since: Instant,
  mr: MergeRequest | undefined,
): void {
  const isPaused = mr !== undefined && step.draft.base.head.lifecycle === 'paused';
  const merge = mr === undefined ? '' : '; a merge is under way';
  step.waiting(since, {
    subject,
    state: 'waiting',
    waitingOn: mr === undefined ? 'the next step' : 'merge',
    reason: `it is being ${being}${merge}${isPaused ? ', and goes on when somebody resumes the town' : ''}`,
    who: isPaused ? 'human' : 'town',
    heldBy: mr && { kind: 'mergeRequest', id: mr.id },
  });
}

/** Items that the end of a merge request writes: itself twice (live and archived), its reviewer and the attempt. */
const REQUEST_COST = 4;

/**
 * Cancels unfinished work as far as the step has room, bead by bead with its merge request. Whether a merge that is under way has
 * happened is not known before its job says so: such work stays.
 * @returns the merges under way; undefined: the step is full, and there is more
 */
export function giveUp(
  step: Step,
  isMeant: (work: Bead | MergeRequest) => boolean,
  failure: { code: string; message: string },
): MergeRequest[] | undefined {
  const { draft } = step;
  const { code: failureCode, message: reason } = failure;
  const end = { stage: 'failed', failure, reason } as const;
  for (const bead of draft.all('bead').filter(isMeant)) {
    const mr = mergeRequestOf(draft, 'bead', bead.id);
    if (mr?.stage === 'merging') continue;
    // A bead under review and its merge request end in one commit.
    if (!step.hasRoom(endingCost(step, bead) + REQUEST_COST)) return undefined;
    if (mr !== undefined) endMergeRequest(step, mr, end);
    endBead(step, bead, { status: 'failed', reason, failureCode, session: 'cancelled' });
  }
  const merging: MergeRequest[] = [];
  for (const mr of draft.all('mergeRequest').filter(isMeant)) {
    if (mr.stage === 'merging') merging.push(mr);
    else if (!step.hasRoom(REQUEST_COST)) return undefined;
    else endMergeRequest(step, mr, end);
  }
  return merging;
}

/** Somebody gives a convoy up. Its beads may be too many for one step: the rule `convoy/close` does it. */
export function closeConvoy(
  { decide, draft }: Step,
  convoy: Convoy,
  closing: NonNullable<Convoy['closing']>,
): void {
  const { id, state: from } = convoy;
  decide({ subject: { kind: 'convoy', id }, from, to: 'closing', reason: closing.reason });
  draft.put('convoy', { ...convoy, closing });
}
