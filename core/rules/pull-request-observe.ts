import { mayAskForge } from '../acts/pull-requests.ts';
import { effectKey } from '../effects.ts';
import { MAX_REPORTS } from '../facts/message.ts';
import { minutes, seconds } from '../town/instant.ts';
import type { BlockerKind } from '../pull-request/blocker.ts';
import { isUnseen, type MergeRequest, type PullRequest } from '../town/merge-request.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** The reference's interval of polling. */
const POLL_MS = seconds(60);
/** Where the forge tells of changes, one look now and then finds what it did not tell. */
const AUDIT_MS = minutes(15);
/** What was looked at so recently is not worth a place in the same call. */
const FRESH_MS = seconds(30);

export const about: RuleAbout = {
  when: 'there are pull requests',
  guards: ['they are not being looked at', 'one is due', 'the pause after a failure of the forge is over'],
  decides: ['the forge is asked how they stand, up to 50 in one call'],
  deadline:
    '5 s after the last look once the forge has told of a change; 5, 10, 20, 40 s after it was opened, while it is not known whether it can be merged; 60 s after the last look; 15 min where the forge tells of changes',
  reference: ['3.4 R1 poll', '6.3', 'F11'],
};

/** A forge computes whether something can be merged when it is asked, which takes it seconds. */
const SOON_MS = seconds(5);

/** How long a look is good for. */
function intervalMs({ stageSince }: MergeRequest, pullRequest: PullRequest): number {
  const { heardAt, blockers, observedAt } = pullRequest;
  const isBlockedBy = (...kinds: readonly BlockerKind[]): boolean =>
    blockers.some(({ kind }) => kinds.includes(kind));
  // One look for all that a forge tells of within seconds: of a check it tells three times.
  if (isUnseen(pullRequest)) return SOON_MS;
  // Only people can change that; the next look has the town try once more.
  if (isBlockedBy('policyRefused')) return AUDIT_MS;
  // Whether it can be merged changes without a word of the forge: soon, or it will take a while.
  if (isBlockedBy('unknownYet', 'checksUnknown'))
    return Math.min(POLL_MS, Math.max(SOON_MS, observedAt - stageSince));
  return heardAt === undefined ? POLL_MS : AUDIT_MS;
}

/** Pull requests are looked at together, as often as is needed. */
export const pullRequestObserve: Rule = {
  name: 'pull-request/observe',
  run(step) {
    const { draft, now } = step;
    const key = effectKey({ type: 'observe_pull_requests', mergeRequestIds: [] });
    const subject = { kind: 'effect', id: key } as const;
    const known = draft.all('mergeRequest').flatMap((mr) => {
      const { pullRequest } = mr;
      return pullRequest?.number === undefined ? [] : [{ mr, pullRequest }];
    });
    // The rule outbox/retry sees to its answer.
    if (draft.outbox.has(key)) return;
    const isDue = ({ mr, pullRequest }: (typeof known)[number]): boolean => {
      const reason = `the pull request ${pullRequest.number} of "${mr.title}" is looked at again`;
      const wait = {
        subject,
        state: 'waiting',
        waitingOn: 'the next look',
        reason,
        who: 'platform',
      } as const;
      // While it is being merged that effect is the one that looks.
      return (
        mr.stage !== 'merging' &&
        step.passed(pullRequest.observedAt, intervalMs(mr, pullRequest), wait) &&
        mayAskForge(step, mr, subject)
      );
    };
    const due = known.filter(isDue);
    if (due.length === 0 || !step.hasRoom(1)) return;
    const others = known.filter(
      (one) =>
        !due.includes(one) &&
        one.mr.forgeFailures === undefined &&
        now - one.pullRequest.observedAt > FRESH_MS,
    );
    const mergeRequestIds = [...due, ...others].slice(0, MAX_REPORTS).map(({ mr }) => mr.id);
    const reason = `${mergeRequestIds.length} pull requests are looked at`;
    step.ask({ type: 'observe_pull_requests', mergeRequestIds }, step.decide({ subject, reason }));
  },
};
