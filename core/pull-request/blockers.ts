import { MAX_DETAIL_CHARS, type Blocker } from './blocker.ts';
import type { PullRequestSnapshot } from './snapshot.ts';

/** Names that a text shows; the rest is a number. */
const NAMED = 3;

/**
 * Everything that keeps an open pull request from being merged, the agents' part first. Whatever is not known blocks; that a repository
 * blocks it without a reason that can be seen (`policyRefused`) is never taken for a missing approval (H-11, H-13).
 */
export function blockersOf(snapshot: PullRequestSnapshot): Blocker[] {
  const found = [
    ...(snapshot.isInMergeQueue === true ? [IN_MERGE_QUEUE] : []),
    ...mergeBlockers(snapshot),
    ...checkBlockers(snapshot),
    ...reviewBlockers(snapshot),
    ...(snapshot.isDraft
      ? [blocker('draft', 'human', 'it is a draft: somebody has to say that it is ready')]
      : []),
  ];
  return [...found, ...policyBlockers(snapshot, found)];
}

const blocker = (kind: Blocker['kind'], who: Blocker['who'], detail: string): Blocker => ({
  kind,
  who,
  detail: detail.slice(0, MAX_DETAIL_CHARS),
});

/** Nothing is left to do but to wait for the forge. */
export const IN_MERGE_QUEUE: Blocker = {
  kind: 'inMergeQueue',
  who: 'platform',
  detail: "it is in the forge's merge queue, which merges it when its turn has come",
};

const named = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(', ')
    : `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;

function mergeBlockers({ mergeable, mergeState, baseBranch }: PullRequestSnapshot): Blocker[] {
  if (mergeable === 'conflict') return [blocker('conflict', 'agent', `it conflicts with ${baseBranch}`)];
  if (mergeState === 'behind')
    return [
      blocker('behindBase', 'agent', `it lacks commits of ${baseBranch}, and the repository wants them`),
    ];
  if (mergeable === 'unknown' || mergeState === 'unknown')
    return [blocker('unknownYet', 'platform', 'whether it can be merged is not known yet')];
  return [];
}

function checkBlockers({ checks }: PullRequestSnapshot): Blocker[] {
  if (checks === undefined) return [blocker('checksUnknown', 'platform', 'its checks could not be read')];
  const namesOf = (state: string): string[] =>
    checks.items.filter((item) => item.state === state).map(({ name }) => name);
  const [failed, pending, unknown] = [namesOf('failed'), namesOf('pending'), namesOf('unknown')];
  return [
    ...(failed.length > 0 ? [blocker('checkFailed', 'agent', `failed: ${named(failed)}`)] : []),
    ...(pending.length > 0 ? [blocker('checkPending', 'platform', `still running: ${named(pending)}`)] : []),
    ...(unknown.length > 0
      ? [blocker('checksUnknown', 'platform', `not understood: ${named(unknown)}`)]
      : checks.isComplete
        ? []
        : [blocker('checksUnknown', 'platform', `more checks than ${checks.items.length} could be read`)]),
  ];
}

function reviewBlockers(snapshot: PullRequestSnapshot): Blocker[] {
  const { reviewDecision, changeRequests, threads } = snapshot;
  const found: Blocker[] = [];
  if (threads === undefined)
    found.push(blocker('unknownYet', 'platform', 'its review threads could not be read'));
  else if (threads.unresolved.length > 0 || !threads.isComplete) {
    const count = `${threads.unresolved.length}${threads.isComplete ? '' : ' or more'}`;
    found.push(blocker('unresolvedThreads', 'agent', `${count} review threads are not resolved`));
  }
  if (reviewDecision === 'changesRequested') {
    // Once another commit is there, it is the reviewer's turn.
    const isForAgent = changeRequests.some(({ isOnHead }) => isOnHead);
    const authors = named([...new Set(changeRequests.map(({ author }) => author))]) || 'a reviewer';
    const detail = `${authors} asked for changes${isForAgent ? '' : ' and has to look again'}`;
    found.push(blocker('changesRequested', isForAgent ? 'agent' : 'human', detail));
  }
  if (reviewDecision === 'reviewRequired')
    found.push(blocker('needsApproval', 'human', 'the repository wants an approval'));
  if (reviewDecision === 'unknown')
    found.push(blocker('unknownYet', 'platform', 'what its reviews decided is not known'));
  return found;
}

/** What a repository refuses for a reason that is not among the others. */
function policyBlockers({ mergeState, refusal }: PullRequestSnapshot, others: readonly Blocker[]): Blocker[] {
  if (refusal !== undefined)
    return [blocker('policyRefused', 'human', `the forge refused to merge it: ${refusal}`)];
  if (mergeState !== 'blocked' || others.length > 0) return [];
  const detail =
    'a rule of the repository blocks it, and the forge does not say which: look at the pull request';
  return [blocker('policyRefused', 'human', detail)];
}
