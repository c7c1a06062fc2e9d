import { endBead, endingCost } from '../acts/beads.ts';
import { REPAIR_COST, repairPullRequest } from '../acts/repairs.ts';
import type { Blocker } from '../pull-request/blocker.ts';
import type { Step } from '../step.ts';
import { effectiveConfig } from '../town/config.ts';
import type { MergeRequest, PullRequest } from '../town/merge-request.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** Repairs of one pull request before people have to look: reviewers and checks can go on for ever (F17). */
const MAX_REPAIRS = 5;

export const about: RuleAbout = {
  when: 'an open pull request is blocked by what an agent could repair',
  guards: [
    'nobody repairs it',
    'the settings let agents repair that (`autoResolvePrFeedback`, `autoResolveMergeConflicts`)',
    'it is something else than the last repair was for',
    'repairs are left',
  ],
  decides: [
    'a bead repairs it, for conflicts and feedback together',
    'a repair whose merge request is over ends with it',
  ],
  reference: ['5.1 pr_feedback_detected', '5.1 pr_conflict_detected', '6.3', 'H-14'],
};

/** Review comments, red checks and conflicts become work: one bead at a time for a pull request, on its own branch. */
export const pullRequestRepair: Rule = {
  name: 'pull-request/repair',
  run(step) {
    endOrphans(step);
    for (const mr of step.draft.all('mergeRequest')) {
      const { pullRequest } = mr;
      if (mr.stage !== 'open' || pullRequest?.number === undefined) continue;
      if (step.draft.get('bead', pullRequest.repairBeadId) !== undefined) continue;
      if (pullRequest.closedSince === undefined) repair(step, mr, pullRequest);
    }
  },
};

/** Whose merge request is over, it is over for, too. */
function endOrphans(step: Step): void {
  const { draft } = step;
  for (const bead of draft.all('bead')) {
    if (bead.repairOf === undefined || draft.get('mergeRequest', bead.repairOf) !== undefined) continue;
    if (!step.hasRoom(endingCost(step, bead))) return;
    endBead(step, bead, {
      status: 'closed',
      reason: 'the merge request that it was to repair is over',
      session: 'cancelled',
    });
  }
}

const isConflict = ({ kind }: Blocker): boolean => kind === 'conflict' || kind === 'behindBase';

function repair(step: Step, mr: MergeRequest, pullRequest: PullRequest): void {
  const { draft } = step;
  const rig = draft.get('rig', mr.rigId);
  const { feedback, headSha, repaired, repairs, number } = pullRequest;
  if (rig === undefined || feedback === undefined) return;
  const config = effectiveConfig(draft.base.config, rig.config);
  const wanted = pullRequest.blockers.filter(
    (blocker) =>
      blocker.who === 'agent' &&
      (isConflict(blocker) ? config.autoResolveMergeConflicts : config.autoResolvePrFeedback),
  );
  const isMechanical = wanted.some((blocker) => isConflict(blocker) || blocker.kind === 'checkFailed');
  const isAnswered = repaired?.feedback === feedback && (repaired.headSha === headSha || !isMechanical);
  if (wanted.length === 0 || isAnswered || repairs >= MAX_REPAIRS || !step.hasRoom(REPAIR_COST)) return;
  const isOnlyConflict = wanted.every(isConflict);
  repairPullRequest(step, mr, {
    title: `${isOnlyConflict ? 'Resolve the conflicts of' : 'Answer what blocks'} pull request ${number}: ${mr.title}`,
    label: isOnlyConflict ? 'pr-conflict' : 'pr-feedback',
    feedback,
    reason: `pull request ${number} is blocked: ${wanted.map(({ detail }) => detail).join('; ')}`,
  });
}
