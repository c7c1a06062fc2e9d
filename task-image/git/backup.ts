import type { MirrorRepository } from './mirror-repository.ts';
import { GitError } from './git-error.ts';

/** Where the remote keeps the backup: outside of refs/heads, so that it is no branch to anybody. */
export const wipRef = (branch: string): string => `refs/gastown/wip/${branch}`;
/** The mirror's copy of that ref. */
export const remoteWipRef = (branch: string): string => `refs/gastown/remote-wip/${branch}`;

/**
 * Saves the branch that an agent pushed to the mirror under `refs/gastown/wip/<branch>` on the remote: pushed work
 * survives the loss of the container. Does nothing when the remote has it already.
 * @throws GitError
 */
export async function backUp(repository: MirrorRepository, branch: string): Promise<void> {
  const head = await repository.commit(`refs/heads/${branch}`);
  if (head === null || head === (await repository.commit(remoteWipRef(branch)))) return;
  const published = await repository.commit(`refs/remotes/origin/${branch}`);
  if (published !== null && (await repository.isAncestor(head, published))) return;
  const pushed = await repository.push([`+${head}:${wipRef(branch)}`]);
  if (pushed.outcome === 'rejected') {
    throw new GitError({ kind: 'rejected', message: `no backup of ${branch}: ${pushed.reason}` });
  }
  await repository.setRef(remoteWipRef(branch), head);
}

/**
 * Deletes the backup once `head` is published, unless it holds more than that.
 * @throws GitError
 */
export async function dropBackup(repository: MirrorRepository, branch: string, head: string): Promise<void> {
  const saved = await repository.commit(remoteWipRef(branch));
  if (saved === null || !(await repository.isAncestor(saved, head))) return;
  const pushed = await repository.push([`:${wipRef(branch)}`], [[wipRef(branch), saved]]);
  if (pushed.outcome === 'rejected') {
    throw new GitError({ kind: 'rejected', message: `backup of ${branch} not deleted: ${pushed.reason}` });
  }
  await repository.deleteRef(remoteWipRef(branch));
}
