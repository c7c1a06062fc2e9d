import { closeConvoy, giveUp, waitForRest } from '../acts/giving-up.ts';
import { workOfRig } from '../acts/rigs.ts';
import { SETTLE_COST, settleTriage } from '../acts/triage.ts';
import type { Step } from '../step.ts';
import type { Rig } from '../town/rig.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'somebody removes a rig',
  guards: ['a merge that is under way is waited for', 'the step has room for the next record'],
  decides: [
    'its convoys are closed, its beads and merge requests cancelled, then its agents go',
    'last of all the rig itself leaves the town',
  ],
  reference: ['the HTTP contract: DELETE …/rigs/{rigId}'],
};

/** A rig that somebody removes: what is unfinished ends, as much in a step as there is room for; the rig goes last. */
export const rigRemove: Rule = {
  name: 'rig/remove',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    for (const rig of step.draft.all('rig')) if (rig.removing !== undefined) remove(step, rig, rig.removing);
  },
};

function remove(step: Step, rig: Rig, { by, at }: NonNullable<Rig['removing']>): void {
  const { draft } = step;
  const subject = { kind: 'rig', id: rig.id } as const;
  const isOfRig = ({ rigId }: { rigId?: string | undefined }): boolean => rigId === rig.id;
  const reason = `its rig is removed by ${by}`;
  for (const convoy of draft.all('convoy').filter(isOfRig))
    if (convoy.closing === undefined && step.hasRoom(1)) closeConvoy(step, convoy, { by, reason });
  const merging = giveUp(step, isOfRig, { code: 'rig_removed', message: reason });
  if (workOfRig(draft.live, rig.id).length === 0) {
    for (const request of draft.all('triageRequest').filter(isOfRig)) {
      if (!step.hasRoom(SETTLE_COST)) return;
      settleTriage(step, request, reason);
    }
    for (const { id } of draft.all('agent').filter(isOfRig)) {
      if (!step.hasRoom(2)) return;
      draft.delete('agent', id);
    }
    if (!step.hasRoom(2)) return;
    step.decide({ subject, to: 'removed', reason: `removed by ${by}` });
    return draft.archive('rig', { ...rig, removing: undefined });
  }
  const left = workOfRig(draft.base.live, rig.id).length;
  waitForRest(step, subject, `removed: ${left} left`, at, merging?.[0]);
}
