import { remoteWipRef } from './backup.ts';
import { GitError } from './git-error.ts';
import type { MirrorRepository } from './mirror-repository.ts';

/**
 * Finds the work that was done on a branch before: in the mirror, in the backup on the remote, on the remote's branch, in
 * this order, and a later one instead when it contains the earlier. Sets the mirror's branch to it.
 * @returns its head; null when nobody has pushed the branch
 * @throws GitError
 */
export async function restoreBranch(repository: MirrorRepository, branch: string): Promise<string | null> {
  const own = `refs/heads/${branch}`;
  let head: string | null = null;
  for (const ref of [own, remoteWipRef(branch), `refs/remotes/origin/${branch}`]) {
    const found = await repository.commit(ref);
    if (found === null || found === head) continue;
    if (head === null || (await repository.isAncestor(head, found))) head = found;
  }
  if (head !== null && head !== (await repository.commit(own))) await repository.setRef(own, head);
  return head;
}

/**
 * Makes sure that the base branch is on the remote; one that is there is never moved.
 * @param from the branch it begins at
 * @returns the head of the base
 * @throws GitError `not_found` when there is nothing to begin at
 */
export async function ensureBase(repository: MirrorRepository, base: string, from: string): Promise<string> {
  const present = await repository.commit(`refs/remotes/origin/${base}`);
  if (present !== null) return present;
  const start = await repository.commit(`refs/remotes/origin/${from}`);
  if (start === null) {
    throw new GitError({
      kind: 'not_found',
      message: `the remote has neither the branch ${base} nor ${from}, from which it would be made`,
    });
  }
  const ref = `refs/heads/${base}`;
  const pushed = await repository.push([`${start}:${ref}`], [[ref, '']]);
  await repository.fetch();
  const head = await repository.commit(`refs/remotes/origin/${base}`);
  if (head !== null) return head;
  const reason = pushed.outcome === 'rejected' ? pushed.reason : 'it was deleted at once';
  throw new GitError({ kind: 'rejected', message: `the branch ${base} could not be made: ${reason}` });
}
