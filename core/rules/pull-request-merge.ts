import { closeCost, closeUnmerged, enterStage } from '../acts/merge-requests.ts';
import { failureWait } from '../acts/pull-requests.ts';
import type { Step } from '../step.ts';
import { effectiveConfig } from '../town/config.ts';
import { minutes } from '../town/instant.ts';
import type { MergeRequest, PullRequest } from '../town/merge-request.ts';
import type { WaitDetail } from '../wait.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** A merge that was asked for is not begun later than that. */
const MERGE_WITHIN_MS = minutes(10);
/** The forge's merge queue tries a head so often before people have to look: its checks are not those of the pull request. */
const MAX_QUEUE_DROPS = 3;
/** Who closes a pull request by mistake opens it again. */
const CLOSED_GRACE_MS = minutes(60);

export const about: RuleAbout = {
  when: 'a pull request is open',
  guards: [
    'nobody repairs it',
    'the town has checked its head and accepted it',
    'nobody has closed it (after an hour that is final: its bead fails, its convoy needs attention)',
    'nothing blocks it, at the last look',
    "the forge's merge queue has not put this head out three times",
    'the town may merge it (`autoMerge`, `autoMergeDelayMinutes`)',
    'nothing has blocked it for the delay',
    'no other merge request of the rig is being merged',
  ],
  decides: ['the forge is asked to merge exactly that head, after one more look'],
  deadline: 'the delay; an hour after somebody closed it',
  reference: ['3.4 R1 merge_pr', '3.4 R4', '6.5', '6.6', 'H-01', 'H-10', '#3138'],
};

/** A pull request that nothing blocks is merged; one that waits for people is never failed nor made anew for that (H-01). */
export const pullRequestMerge: Rule = {
  name: 'pull-request/merge',
  run(step) {
    for (const mr of step.draft.all('mergeRequest')) {
      const { pullRequest } = mr;
      if (pullRequest?.number === undefined) continue;
      if (mr.stage === 'open') advance(step, mr, pullRequest);
      if (mr.stage === 'merging') {
        const reason = `pull request ${pullRequest.number} is being merged`;
        const wait = { state: 'progressing', waitingOn: 'the merge', reason, who: 'platform' } as const;
        step.waiting(mr.stageSince, { ...wait, subject: { kind: 'mergeRequest', id: mr.id } });
      }
    }
  },
};

function advance(step: Step, mr: MergeRequest, pullRequest: PullRequest): void {
  const { draft, now } = step;
  const subject = { kind: 'mergeRequest', id: mr.id } as const;
  const { closedSince, readySince, number, url = `${number}` } = pullRequest;
  if (closedSince !== undefined) {
    const reason = `somebody closed the pull request ${url} without merging it: open it again, or cancel the work`;
    const wait = { subject, state: 'needs_attention', waitingOn: 'a person', reason, who: 'human' } as const;
    if (step.passed(closedSince, CLOSED_GRACE_MS, wait) && step.hasRoom(closeCost(step, mr)))
      closeUnmerged(step, mr);
    return;
  }
  const hindrance = hindranceOf(step, mr, pullRequest);
  if (hindrance !== undefined) return step.waiting(mr.stageSince, { subject, ...hindrance });
  const rig = draft.get('rig', mr.rigId);
  if (rig === undefined || readySince === undefined || mr.headSha === undefined) return;
  const { autoMerge, autoMergeDelayMs } = effectiveConfig(draft.base.config, rig.config);
  if (!autoMerge || autoMergeDelayMs === undefined) {
    const reason = `nothing blocks the pull request ${url}; the settings leave its merge to people`;
    return step.waiting(readySince, {
      subject,
      state: 'waiting',
      waitingOn: 'the merge',
      reason,
      who: 'human',
    });
  }
  const reason = `nothing blocks the pull request ${url}; people have ${autoMergeDelayMs / 60_000} minutes to look at it`;
  const wait = { subject, state: 'waiting', waitingOn: 'autoMergeDelay', reason, who: 'town' } as const;
  if (!step.passed(readySince, autoMergeDelayMs, wait)) return;
  const other = draft
    .all('mergeRequest')
    .find(({ rigId, stage }) => rigId === mr.rigId && stage === 'merging');
  if (other !== undefined) {
    const behind = { state: 'queued', waitingOn: 'the merge queue', who: 'town', position: 1 } as const;
    const heldBy = { kind: 'mergeRequest', id: other.id } as const;
    return step.waiting(readySince, {
      subject,
      ...behind,
      reason: `"${other.title}" is being merged`,
      heldBy,
    });
  }
  if (!step.hasRoom(2)) return;
  const { headSha } = mr;
  const n = pullRequest.effects + 1;
  const merging = `nothing blocks it; merging ${headSha.slice(0, 8)}`;
  const decision = enterStage(step, mr, 'merging', merging, { pullRequest: { ...pullRequest, effects: n } });
  const notAfter = now + MERGE_WITHIN_MS;
  step.ask({ type: 'merge_pull_request', mergeRequestId: mr.id, n, headSha, notAfter }, decision);
}

/** What keeps an open pull request from being merged; undefined: nothing. */
function hindranceOf(
  step: Step,
  mr: MergeRequest,
  pullRequest: PullRequest,
): Omit<WaitDetail, 'subject'> | undefined {
  const { repairBeadId, blockers, problem, observedAt, url = '' } = pullRequest;
  const repair = step.draft.get('bead', repairBeadId);
  if (repair !== undefined) {
    const heldBy = { kind: 'bead', id: repair.id } as const;
    return {
      state: 'progressing',
      waitingOn: 'repair',
      reason: `"${repair.title}" repairs it`,
      who: 'agent',
      heldBy,
    };
  }
  if (mr.candidate === undefined) {
    const reason = `${problem ?? 'its head was not checked'}: push to its branch, or cancel the work`;
    return { state: 'needs_attention', waitingOn: 'a person', reason, who: 'human' };
  }
  const failure = mr.forgeFailures?.at(-1);
  if (failure !== undefined) return failureWait(failure);
  const [first] = blockers;
  if (first !== undefined) {
    const reason = `the pull request ${url} is blocked: ${blockers.map(({ detail }) => detail).join('; ')}`;
    const waitingOn = blockers.map(({ kind }) => kind).join(', ');
    // No agent is at it, so what an agent could do is for people, too.
    const isForPeople = blockers.some(({ who }) => who !== 'platform');
    return { state: 'waiting', waitingOn, reason, who: isForPeople ? 'human' : 'platform' };
  }
  if ((pullRequest.queueDrops ?? 0) >= MAX_QUEUE_DROPS) {
    const reason = `the merge queue of the forge has put the pull request ${url} out ${pullRequest.queueDrops} times: look there, and push to its branch`;
    return { state: 'needs_attention', waitingOn: 'a person', reason, who: 'human' };
  }
  if (pullRequest.readySince !== undefined) return undefined;
  const reason = `the pull request ${url} is looked at${observedAt === 0 ? '' : ' again'}`;
  return { state: 'progressing', waitingOn: 'the forge', reason, who: 'platform' };
}
