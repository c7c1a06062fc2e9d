import { Refusal } from '../refusal.ts';
import { identityOf } from '../git/run.ts';
import { commitTree, mergedTree, rebased } from '../git/merge.ts';
import { updateRef } from '../git/repository.ts';
import { MERGE_METHODS, type MergeMethod } from '../state/protection.ts';
import { isOpen, type PullRequest } from '../state/pull-request.ts';
import type { World } from '../world.ts';
import { closePull } from './lifecycle.ts';
import { computeMergeability } from './mergeability.ts';
import { BEHIND, QUEUE_ONLY, isTooFarBehind, ruleRefusals } from './merge-refusals.ts';
import { noticeMovedRefs } from './moved-refs.ts';
import { rulesOf } from './reviews.ts';

const METHOD_NAMES = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' } as const;
const NOT_MERGEABLE = 'Pull Request is not mergeable';

export interface MergeRequest {
  readonly method: MergeMethod;
  /** The head that the caller looked at. */
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  readonly by: string;
  /** The queue itself. @default false */
  readonly isQueue?: boolean;
}

/** Methods that the repository and the branch both allow. */
export const allowedMethods = (pull: PullRequest): MergeMethod[] =>
  MERGE_METHODS.filter(
    (method) =>
      pull.repository.mergeMethods.includes(method) && rulesOf(pull).allowedMergeMethods.includes(method),
  );

/** Why the forge does not merge it, in the order in which it looks. @throws Refusal */
async function refuseUnlessMergeable(pull: PullRequest, request: MergeRequest): Promise<void> {
  if (!isOpen(pull)) throw new Refusal(405, NOT_MERGEABLE);
  if (request.sha !== undefined && request.sha !== pull.headSha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  if (pull.isDraft) throw new Refusal(405, 'Pull Request is still a draft');
  const computed = await computeMergeability(pull);
  if (computed === undefined || !computed.isClean) throw new Refusal(405, NOT_MERGEABLE);
  const [first] = ruleRefusals(pull);
  if (first !== undefined) throw new Refusal(405, first);
  if (isTooFarBehind(pull, computed)) throw new Refusal(405, BEHIND);
  if (rulesOf(pull).requiresMergeQueue && request.isQueue !== true) throw new Refusal(405, QUEUE_ONLY);
  if (!allowedMethods(pull).includes(request.method))
    throw new Refusal(405, `${METHOD_NAMES[request.method]} are not allowed on this repository.`);
}

/** Merges in git, then closes. Returns the commit on the base branch. @throws Refusal */
export async function mergePull(world: World, pull: PullRequest, request: MergeRequest): Promise<string> {
  await refuseUnlessMergeable(pull, request);
  const { repository } = pull;
  const base = repository.branches.get(pull.base);
  if (base === undefined) throw new Refusal(405, NOT_MERGEABLE);
  const sha = await mergedCommit(world, pull, request, base);
  if (sha === undefined) throw new Refusal(405, "This branch can't be rebased");
  await updateRef(repository.directory, `refs/heads/${pull.base}`, { before: base, after: sha });
  closePull(world, pull, request.by, { sha, by: request.by, at: world.now() });
  if (repository.deletesMergedBranches)
    await updateRef(repository.directory, `refs/heads/${pull.head}`, { before: pull.headSha });
  await noticeMovedRefs(world, repository, request.by);
  return sha;
}

/** undefined: it cannot be made. */
async function mergedCommit(
  world: World,
  pull: PullRequest,
  { method, title, message, by }: MergeRequest,
  base: string,
): Promise<string | undefined> {
  const { repository, headSha, number } = pull;
  if (method === 'rebase') return rebased(repository.directory, base, headSha, world.now());
  const tree = await mergedTree(repository.directory, base, headSha);
  if (tree === undefined) return undefined;
  const isSquash = method === 'squash';
  const subject = isSquash
    ? `${pull.title} (#${number})`
    : `Merge pull request #${number} from ${repository.owner}/${pull.head}`;
  const text = isSquash ? pull.body : pull.title;
  return commitTree(repository.directory, {
    tree,
    parents: isSquash ? [base] : [base, headSha],
    message: `${title ?? subject}\n\n${message ?? text}`.trimEnd(),
    author: identityOf(isSquash ? pull.author : by),
    at: world.now(),
  });
}

/** Brings the base into the head, by a merge commit. @throws Refusal */
export async function updateBranch(
  world: World,
  pull: PullRequest,
  { expectedHead, by }: { expectedHead?: string | undefined; by: string },
): Promise<void> {
  const { repository, headSha } = pull;
  if (expectedHead !== undefined && expectedHead !== headSha)
    throw new Refusal(422, 'expected head sha didn’t match current head ref.');
  const base = repository.branches.get(pull.base);
  const computed = await computeMergeability(pull);
  if (!isOpen(pull) || base === undefined || computed === undefined)
    throw new Refusal(422, 'Validation Failed');
  if (!computed.isBehind) throw new Refusal(422, 'There are no new commits on the base branch.');
  const tree = await mergedTree(repository.directory, headSha, base);
  if (tree === undefined) throw new Refusal(422, 'merge conflict between base and head');
  const after = await commitTree(repository.directory, {
    tree,
    parents: [headSha, base],
    message: `Merge branch '${pull.base}' into ${pull.head}`,
    author: identityOf(by),
    at: world.now(),
  });
  await updateRef(repository.directory, `refs/heads/${pull.head}`, { before: headSha, after });
  await noticeMovedRefs(world, repository, by);
}
