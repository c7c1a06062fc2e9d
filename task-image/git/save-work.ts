import type { ProcessUser } from '../process/process-user.ts';
import { backUp } from './backup.ts';
import { collectBranch } from './gateway.ts';
import { runGit, tryGit } from './git.ts';
import type { Mirror } from './mirror.ts';
import { agentIdentity, type CommitIdentity } from './commit-identity.ts';

/** A drain after SIGTERM has 120 s for everything. */
const SAVE_TIMEOUT_MS = 30_000;

/**
 * Commits what an agent left uncommitted and saves its branch on the remote: before a container ends. The agent must not
 * run any more.
 * @returns what was done: nothing was uncommitted, or a commit was made for it
 * @throws GitError
 */
export async function saveWorkInProgress(request: {
  mirror: Mirror;
  agentName: string;
  /** @default the agent's own */
  identity?: CommitIdentity;
  branch: string;
  directory: string;
  /** Whose the worktree is. @default the supervisor's */
  user?: ProcessUser | undefined;
}): Promise<'clean' | 'committed'> {
  const { mirror, branch } = request;
  const { author, coauthor } = request.identity ?? { author: agentIdentity(request.agentName) };
  const options = {
    cwd: request.directory,
    identity: author,
    user: request.user,
    timeoutMs: SAVE_TIMEOUT_MS,
  };
  // Whatever the agent set up in its repository is not run.
  const safe = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'commit.gpgSign=false'];
  await runGit([...safe, 'add', '--all'], options);
  const staged = await tryGit([...safe, 'diff', '--cached', '--quiet'], options);
  const isDirty = staged.exitCode !== 0;
  if (isDirty) {
    const message = ['-m', 'WIP: saved before the container ended'];
    // No hook runs that would add the line.
    if (coauthor !== undefined) message.push('-m', `Co-authored-by: ${coauthor.name} <${coauthor.email}>`);
    await runGit([...safe, 'commit', '--quiet', '--no-verify', ...message], options);
  }
  await runGit([...safe, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`], options);
  await mirror.exclusive(async (repository) => {
    await collectBranch(mirror.home, repository, branch);
    await backUp(repository, branch);
  });
  return isDirty ? 'committed' : 'clean';
}
