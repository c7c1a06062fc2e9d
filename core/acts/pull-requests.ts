import type { Draft } from '../draft.ts';
import { askAgainMs, isGivenUp, withFailure, type ForgeFailure } from '../pull-request/failure.ts';
import type { AskFailure } from '../pull-request/observation.ts';
import type { Step } from '../step.ts';
import { effectiveConfig } from '../town/config.ts';
import type { MergeRequest, PullRequest } from '../town/merge-request.ts';
import { forgeOf } from '../town/rig.ts';
import type { WaitDetail } from '../wait.ts';

/** Merged by the forge, or by the town itself? What has begun as a pull request stays one. */
export function usesPullRequest(draft: Draft, mr: MergeRequest): boolean {
  if (mr.pullRequest !== undefined) return true;
  const rig = draft.get('rig', mr.rigId);
  return (
    rig !== undefined &&
    forgeOf(rig) !== undefined &&
    effectiveConfig(draft.base.config, rig.config).mergeStrategy === 'pr'
  );
}

export const newPullRequest: PullRequest = { blockers: [], at: 0, observedAt: 0, effects: 0, repairs: 0 };

/** The forge could not be asked: counted by its cause. From when on people should look is the cause's (see `isGivenUp`). */
export function noteForgeFailure(
  step: Step,
  mr: MergeRequest,
  { kind, message, until }: AskFailure['failure'],
): void {
  if (!step.hasRoom(1)) return;
  const before = mr.forgeFailures ?? [];
  const forgeFailures = withFailure(before, { kind, message, until }, step.now);
  step.draft.put('mergeRequest', { ...mr, forgeFailures });
  const failure = lastOf(forgeFailures);
  const wasGivenUp = before.some((known) => known.kind === kind && isGivenUp(known));
  if (failure !== undefined && isGivenUp(failure) && !wasGivenUp)
    step.decide({
      subject: { kind: 'mergeRequest', id: mr.id },
      to: 'pollFailed',
      reason: `${kind}: ${message}`,
    });
}

const lastOf = (failures: readonly ForgeFailure[]): ForgeFailure | undefined => failures.at(-1);

/** May the forge be asked about it now, after what it answered last? If not, the clock keeps when. */
export function mayAskForge(step: Step, mr: MergeRequest, subject: WaitDetail['subject']): boolean {
  const failure = lastOf(mr.forgeFailures ?? []);
  if (failure === undefined) return true;
  return step.passed(failure.lastAt, askAgainMs(failure), { ...failureWait(failure), subject });
}

/** What `why` says of it. */
export function failureWait(failure: ForgeFailure): Omit<WaitDetail, 'subject'> {
  const isForPeople = isGivenUp(failure);
  const times = failure.count === 1 ? '' : ` (${failure.count} times)`;
  return {
    state: isForPeople ? 'needs_attention' : 'waiting',
    waitingOn: failure.kind,
    reason: `${failure.message}${times}`,
    who: isForPeople ? 'human' : 'platform',
  };
}
