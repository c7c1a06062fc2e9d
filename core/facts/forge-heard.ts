import type { Step } from '../step.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { MessageFact } from './message.ts';

type Heard = StatementOf<MessageFact, 'forge_heard'>;

/**
 * A forge said that something has changed. Nothing of what it said is believed but where: the pull requests there are looked at, and need not
 * be looked at as often otherwise. Those for which the step has no room are found by the next look at all of them.
 */
export const applyForgeHeard: ApplyFact<Heard> = (step, fact) => {
  const spokenOf = step.draft.all('mergeRequest').filter((mr) => isSpokenOf(mr, fact));
  for (const mr of spokenOf) note(step, mr);
  return spokenOf.length === 0 ? 'stale' : 'applied';
};

/** By its number, its head, or its branches: one that is being opened has no number yet. */
function isSpokenOf({ rigId, pullRequest, branch: own, target }: MergeRequest, fact: Heard): boolean {
  if (rigId !== fact.rigId || pullRequest === undefined) return false;
  const { number, headSha } = pullRequest;
  return (
    (number !== undefined && fact.numbers.includes(number)) ||
    (headSha !== undefined && headSha === fact.headSha) ||
    own === fact.branch ||
    target === fact.branch
  );
}

function note({ draft, hasRoom, now }: Step, mr: MergeRequest): void {
  const { pullRequest } = mr;
  if (pullRequest === undefined || pullRequest.heardAt === now || !hasRoom(1)) return;
  draft.put('mergeRequest', { ...mr, pullRequest: { ...pullRequest, heardAt: now } });
}
