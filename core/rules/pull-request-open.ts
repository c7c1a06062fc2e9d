import { mayAskForge, newPullRequest, usesPullRequest } from '../acts/pull-requests.ts';
import { effectKey } from '../effects.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'a merge request that is merged by pull request is open, and has none',
  guards: ['none is being opened', 'the pause after a failure of the forge is over'],
  decides: ['its pull request is opened, or the one of its branch is found again'],
  deadline:
    '5, 10, 20 … 120 s after a failure; 15 min where people have to act; when a limit of the forge ends',
  reference: ['4 set_review_pr_url', 'decision 8', 'H-24'],
};

/** The town opens pull requests itself: agents have no credential of a forge. */
export const pullRequestOpen: Rule = {
  name: 'pull-request/open',
  run(step) {
    const { draft } = step;
    for (const mr of draft.all('mergeRequest')) {
      if (mr.stage !== 'open' || mr.pullRequest?.number !== undefined || !usesPullRequest(draft, mr))
        continue;
      const subject = { kind: 'mergeRequest', id: mr.id } as const;
      const pullRequest = mr.pullRequest ?? newPullRequest;
      const effect = { type: 'open_pull_request', mergeRequestId: mr.id, n: pullRequest.effects } as const;
      if (draft.outbox.has(effectKey(effect))) {
        const reason = `its pull request into ${mr.target} is being opened`;
        step.waiting(mr.stageSince, {
          subject,
          state: 'progressing',
          waitingOn: 'the forge',
          reason,
          who: 'platform',
        });
        continue;
      }
      if (!mayAskForge(step, mr, subject)) continue;
      if (!step.hasRoom(2)) return;
      const n = pullRequest.effects + 1;
      const decision = step.decide({
        subject,
        reason: `a pull request of ${mr.branch} into ${mr.target} is asked for`,
      });
      draft.put('mergeRequest', { ...mr, pullRequest: { ...pullRequest, effects: n } });
      step.ask({ ...effect, n }, decision);
    }
  },
};
