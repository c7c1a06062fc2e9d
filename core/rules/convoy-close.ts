import { giveUp, waitForRest } from '../acts/giving-up.ts';
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

function close(step: Step, { id, closing }: Convoy): void {
  const { draft, now } = step;
  const reason = closing?.reason ?? 'closed';
  const subject = { kind: 'convoy', id } as const;
  // Its beads, their merge requests, and its landing.
  const isMeant = (work: { convoyId?: string | undefined; subject?: MergeRequest['subject'] }): boolean =>
    work.subject === undefined
      ? work.convoyId === id
      : work.subject.id === id || draft.get('bead', work.subject.id)?.convoyId === id;
  const merging = giveUp(step, isMeant, { code: 'convoy_closed', message: reason });
  const [first] = merging ?? [];
  if (first !== undefined) return waitForRest(step, subject, 'closed', first.stageSince, first);
  const convoy = draft.get('convoy', id);
  if (merging === undefined || convoy === undefined || !step.hasRoom(2)) return;
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
