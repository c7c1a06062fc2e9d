import { enterStage } from '../acts/merge-requests.ts';
import { usesPullRequest } from '../acts/pull-requests.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'a merge request is open: nothing blocks it',
  guards: [
    'the town merges it itself, and not a forge',
    'its trial merge is there (else it is checked again)',
  ],
  decides: ['it is merged'],
  reference: ['3.4 R1 merge_pr', 'H-10'],
};

/** Only an open merge request is merged, and only the trial merge that was checked and reviewed. */
export const mergeQueueMerge: Rule = {
  name: 'merge-queue/merge',
  run(step) {
    for (const mr of step.draft.all('mergeRequest')) {
      if (mr.stage !== 'open' || usesPullRequest(step.draft, mr) || !step.hasRoom(1)) continue;
      if (mr.candidate === undefined) enterStage(step, mr, 'checking', 'the trial merge is gone');
      else
        enterStage(step, mr, 'merging', `nothing blocks; merging ${mr.candidate.candidateSha.slice(0, 8)}`);
    }
  },
};
