import { endBead, endingCost } from '../acts/beads.ts';
import { endMergeRequest } from '../acts/merge-requests.ts';
import { mergeRequestOf } from '../acts/merging.ts';
import type { Step } from '../step.ts';
import type { Convoy } from '../town/convoy.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'somebody has closed a convoy',
  guards: ['a merge that is under way is waited for', 'the step has room for the next bead'],
  decides: ['what is unfinished of it is cancelled, then the convoy is closed'],
  reference: ['7.1 closeConvoy'],
};

/** A convoy that somebody closes: what is unfinished is cancelled, bead by bead; a merge that is under way is waited for. */
export const convoyClose: Rule = {
  name: 'convoy/close',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    for (const convoy of step.draft.all('convoy')) if (convoy.closing !== undefined) close(step, convoy);
  },
};

/** Items that the end of a merge request writes: itself twice (live and archived), its reviewer and the attempt. */
const REQUEST_COST = 4;

function close(step: Step, { id, closing }: Convoy): void {
  const { draft, now } = step;
  const reason = closing?.reason ?? 'closed';
  const subject = { kind: 'convoy', id } as const;
  const failure = { code: 'convoy_closed', message: reason };
  const merging: MergeRequest[] = [];
  for (const bead of draft.all('bead')) {
    if (bead.convoyId !== id) continue;
    const mr = mergeRequestOf(draft, 'bead', bead.id);
    if (mr?.stage === 'merging') {
      merging.push(mr);
      continue;
    }
    // A bead under review and its merge request end in one commit.
    if (!step.hasRoom(endingCost(step, bead) + REQUEST_COST)) return;
    if (mr !== undefined) endMergeRequest(step, mr, { stage: 'failed', failure, reason });
    endBead(step, bead, { status: 'failed', reason, failureCode: 'convoy_closed', session: 'cancelled' });
  }
  const landing = mergeRequestOf(draft, 'convoy', id);
  if (landing?.stage === 'merging') merging.push(landing);
  else if (landing !== undefined) {
    if (!step.hasRoom(REQUEST_COST)) return;
    endMergeRequest(step, landing, { stage: 'failed', failure, reason });
  }
  const [first] = merging;
  if (first !== undefined) return waitForMerge(step, id, first);
  const convoy = draft.get('convoy', id);
  if (convoy === undefined || !step.hasRoom(2)) return;
  step.decide({ subject, from: convoy.state, to: 'closed', reason });
  draft.archive('convoy', {
    ...convoy,
    state: 'closed',
    stateSince: now,
    closedAt: now,
    closing: undefined,
    landingMergeRequestId: undefined,
  });
}

/** Whether a push has happened is not known before its job says so; in a paused town that job waits for the resumption. */
function waitForMerge(step: Step, convoyId: string, mr: MergeRequest): void {
  const isPaused = step.draft.base.head.lifecycle === 'paused';
  step.waiting(mr.stageSince, {
    subject: { kind: 'convoy', id: convoyId },
    state: 'waiting',
    waitingOn: 'merge',
    reason: `it is being closed; a merge is under way${isPaused ? ', and goes on when somebody resumes the town' : ''}`,
    who: isPaused ? 'human' : 'town',
    heldBy: { kind: 'mergeRequest', id: mr.id },
  });
}
