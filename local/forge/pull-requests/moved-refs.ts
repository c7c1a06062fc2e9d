import { changedPaths, isAncestor, readBranches, updateRef } from '../git/repository.ts';
import { isOpen, type PullRequest } from '../state/pull-request.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../world.ts';
import { forgetMergeability } from './mergeability.ts';
import { closePull } from './lifecycle.ts';
import { dismissStaleApprovals } from './reviews.ts';

const ZERO = '0'.repeat(40);

/** Keeps `refs/pull/<number>/head`, by which a head can be fetched after its branch is gone. */
export const keepHead = (pull: PullRequest, before: string | undefined): Promise<void> =>
  updateRef(pull.repository.directory, `refs/pull/${pull.number}/head`, { before, after: pull.headSha });

/**
 * Looks at what branches are there after a push, a merge or anything else that moves them: tells of pushes, moves the heads of pull requests,
 * voids what was computed, and closes those whose branch is gone or whose commits are in their base.
 */
export async function noticeMovedRefs(world: World, repository: Repository, sender: string): Promise<void> {
  const before = repository.branches;
  const after = await readBranches(repository.directory);
  repository.branches = after;
  const moved = [...new Set([...before.keys(), ...after.keys()])]
    .filter((branch) => before.get(branch) !== after.get(branch))
    .sort();
  for (const branch of moved) {
    const [from, to] = [before.get(branch), after.get(branch)];
    const isForced =
      from !== undefined && to !== undefined && !(await isAncestor(repository.directory, from, to));
    world.emit({
      name: 'push',
      repository,
      branch,
      before: from ?? ZERO,
      after: to ?? ZERO,
      isForced,
      sender,
    });
    for (const pull of repository.pulls.values()) {
      if (!isOpen(pull)) continue;
      if (pull.head === branch) await headMoved(world, pull, to, sender);
      if (pull.base === branch && isOpen(pull)) await baseMoved(world, pull, to, sender);
    }
  }
}

async function headMoved(
  world: World,
  pull: PullRequest,
  to: string | undefined,
  sender: string,
): Promise<void> {
  if (to === undefined) return closePull(world, pull, sender);
  const before = pull.headSha;
  if (to === before) return;
  pull.headSha = to;
  pull.updatedAt = world.now();
  await keepHead(pull, before);
  forgetMergeability(world, pull);
  // A queue takes what it was given, and nothing that came later.
  if (pull.queueEntry !== undefined) dequeue(world, pull, sender);
  const paths = new Set(await changedPaths(pull.repository.directory, before, to));
  for (const thread of pull.threads) if (paths.has(thread.path)) thread.isOutdated = true;
  dismissStaleApprovals(world, pull, sender);
  world.emit({
    name: 'pull_request',
    action: 'synchronize',
    repository: pull.repository,
    pull,
    before,
    after: to,
    sender,
  });
}

async function baseMoved(
  world: World,
  pull: PullRequest,
  to: string | undefined,
  sender: string,
): Promise<void> {
  if (to === undefined) return closePull(world, pull, sender);
  forgetMergeability(world, pull);
  // Its commits came into the base by a push: GitHub calls that merged.
  if (await isAncestor(pull.repository.directory, pull.headSha, to))
    closePull(world, pull, sender, { sha: to, by: sender, at: world.now() });
}

export function dequeue(world: World, pull: PullRequest, sender: string): void {
  pull.queueEntry = undefined;
  world.emit({ name: 'pull_request', action: 'dequeued', repository: pull.repository, pull, sender });
}
