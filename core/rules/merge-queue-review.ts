import { fullContainer, hook, idleAgent } from '../acts/agents.ts';
import { isEnding } from '../acts/container.ts';
import { mayDispatch } from '../acts/dispatching.ts';
import { failMergeRequest } from '../acts/merge-requests.ts';
import type { Step } from '../step.ts';
import { effectiveConfig } from '../town/config.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import { dispatchCooldownMs } from './backoff.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'a merge request is under review',
  guards: [
    'nobody reviews it',
    'reviews are left (else it fails, and its bead is worked on again)',
    'the container is not on its way out',
    'the pause after the last review is over',
    'the breaker lets it',
    'there is a place in the container',
  ],
  decides: ['a reviewer takes it'],
  deadline: '30 s, 1, 2, 5, 10 min after a review without a verdict',
  reference: ['3.4 R5', '3.4 R6', '#1342'],
};

/** A merge request under review has a reviewer; one that was lost is replaced, a bounded number of times. */
export const mergeQueueReview: Rule = {
  name: 'merge-queue/review',
  run(step) {
    for (const mr of step.draft.all('mergeRequest')) {
      if (mr.stage !== 'reviewing') continue;
      const reviewer = step.draft.get('agent', mr.reviewerAgentId);
      if (reviewer?.hook?.id !== mr.id) review(step, mr);
    }
  },
};

function review(step: Step, mr: MergeRequest): void {
  const { draft } = step;
  const rig = draft.get('rig', mr.rigId);
  if (rig === undefined) return;
  const subject = { kind: 'mergeRequest', id: mr.id } as const;
  const { maxDispatchAttempts } = effectiveConfig(draft.base.config, rig.config);
  if (mr.reviewAttempt >= maxDispatchAttempts) {
    if (!step.hasRoom(6)) return;
    const message = `${mr.reviewAttempt} reviews ended without a verdict`;
    return failMergeRequest(step, mr, { code: 'review_exhausted', message }, { hasCooldown: true });
  }
  if (isEnding(draft)) {
    const reason = `the container of epoch ${draft.container.epoch} is stopping; the next one takes it`;
    return step.waiting(mr.stageSince, {
      subject,
      state: 'waiting',
      waitingOn: 'container',
      reason,
      who: 'platform',
    });
  }
  if (mr.reviewCooldownFrom !== undefined) {
    const reason = `review ${mr.reviewAttempt} ended without a verdict; the next one starts after a pause`;
    const wait = { subject, state: 'waiting', waitingOn: 'cooldown', reason, who: 'town' } as const;
    if (!step.passed(mr.reviewCooldownFrom, dispatchCooldownMs(mr.reviewAttempt), wait)) return;
  }
  if (!mayDispatch(step, subject)) return;
  const reason = fullContainer(draft);
  if (reason !== undefined) {
    return step.waiting(mr.stageSince, {
      subject,
      state: 'queued',
      waitingOn: 'capacity',
      reason,
      who: 'town',
    });
  }
  if (!step.hasRoom(2)) return;
  const reviewAttempt = mr.reviewAttempt + 1;
  const agent = hook(step, idleAgent(step, 'refinery', mr.rigId), subject);
  step.decide({ subject, reason: `${agent.name} reviews it, attempt ${reviewAttempt}` });
  draft.put('mergeRequest', {
    ...mr,
    reviewAttempt,
    reviewerAgentId: agent.id,
    reviewCooldownFrom: undefined,
  });
}
