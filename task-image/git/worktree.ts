import { rm } from 'node:fs/promises';
import { ensureBase, restoreBranch } from './branch-start.ts';
import { backUp } from './backup.ts';
import type { ProcessUser } from '../process/process-user.ts';
import { collect, listGateways, makeGateway, removeGateway, syncGateway } from './gateway.ts';
import { agentIdentity, type CommitIdentity } from './commit-identity.ts';
import { setCoauthor } from './coauthor-hook.ts';
import { runGit, tryGit } from './git.ts';
import { GitError } from './git-error.ts';
import type { Mirror } from './mirror.ts';
import { CHECKOUT_TIMEOUT_MS, connectToGateway, makeSharedClone } from './shared-clone.ts';
import { assertValid, validateBranch } from './validate.ts';

export interface AgentWorktreeRequest {
  mirror: Mirror;
  agentId: string;
  /** Of the agent, for its commits. */
  agentName: string;
  /** @default the agent's own */
  identity?: CommitIdentity;
  branch: string;
  base: string;
  createBaseFrom: string;
  directory: string;
  /** Whose the worktree is. @default the supervisor's */
  user?: ProcessUser | undefined;
}

export interface AgentWorktree {
  directory: string;
  /** Where the branch stood when the agent got it. */
  startSha: string;
  /** The branch had been pushed before, or the worktree was still there. */
  resumed: boolean;
}

/** Whether `directory` is still this agent's worktree of this branch, with whatever is uncommitted in it. */
async function isKept(
  { directory, branch, user }: AgentWorktreeRequest,
  gatewayDirectory: string,
): Promise<boolean> {
  const read = async (name: string): Promise<string | null> => {
    try {
      const answer = await tryGit(['config', '--local', name], { cwd: directory, user });
      return answer.exitCode === 0 ? answer.stdout : null;
    } catch (error) {
      // The directory is not there.
      if (error instanceof GitError) return null;
      throw error;
    }
  };
  return (await read('gastown.branch')) === branch && (await read('remote.origin.url')) === gatewayDirectory;
}

/**
 * Makes an agent's worktree of its branch, continuing what was pushed before: after a restart, a retry or the loss of a
 * container. A base that has moved on is left to the check of the merge request. The base is made on the remote if needed.
 * @throws GitError
 */
export async function prepareAgentWorktree(request: AgentWorktreeRequest): Promise<AgentWorktree> {
  const { mirror, branch, directory, user } = request;
  assertValid('branch', branch, validateBranch(branch));
  assertValid('base', request.base, validateBranch(request.base));
  const { author, coauthor } = request.identity ?? { author: agentIdentity(request.agentName) };
  return mirror.exclusive(async (repository) => {
    await repository.fetch();
    const baseSha = await ensureBase(repository, request.base, request.createBaseFrom);
    const before = (await listGateways(mirror.home)).find(({ agentId }) => agentId === request.agentId);
    // What was pushed is not lost with the gateway.
    if (before !== undefined) await collect(repository, before);
    const gateway = await makeGateway(mirror.home, repository, { agentId: request.agentId, branch, user });
    const restored = await restoreBranch(repository, branch);
    const startSha = restored ?? baseSha;
    await syncGateway(repository, gateway);

    if (await isKept(request, gateway.directory)) {
      await runGit(['fetch', '--quiet', '--prune', 'origin'], { cwd: directory, user });
      await setCoauthor(directory, coauthor, user);
      return { directory, startSha, resumed: true };
    }
    await makeSharedClone(mirror.directory, directory, user);
    const upstream = {
      [`branch.${branch}.remote`]: 'origin',
      [`branch.${branch}.merge`]: `refs/heads/${branch}`,
    };
    await connectToGateway(directory, gateway.directory, author, upstream, user);
    await runGit(['checkout', '--quiet', '--no-track', '-B', branch, startSha], {
      cwd: directory,
      user,
      timeoutMs: CHECKOUT_TIMEOUT_MS,
    });
    await setCoauthor(directory, coauthor, user);
    // Last: a worktree that was cut short is made again.
    await runGit(['config', 'gastown.branch', branch], { cwd: directory, user });
    return { directory, startSha, resumed: restored !== null };
  });
}

export interface ReviewWorktreeRequest {
  mirror: Mirror;
  agentId: string;
  agentName: string;
  /** The trial merge; shown when the mirror has it. */
  candidateSha: string;
  /** Shown instead after the loss of a container. */
  headSha: string;
  directory: string;
  /** Whose the worktree is. @default the supervisor's */
  user?: ProcessUser | undefined;
}

export interface ReviewWorktree {
  directory: string;
  shows: 'candidate' | 'head';
  sha: string;
}

/**
 * Makes a reviewer's worktree: detached, with the remote's branches to compare with, and an `origin` that takes no push.
 * @throws GitError `not_found` when neither commit is there
 */
export async function prepareReviewWorktree(request: ReviewWorktreeRequest): Promise<ReviewWorktree> {
  const { mirror, directory, user } = request;
  return mirror.exclusive(async (repository) => {
    await repository.fetch();
    const candidate = await repository.commit(request.candidateSha);
    const sha = candidate ?? (await repository.commit(request.headSha));
    if (sha === null) {
      throw new GitError({
        kind: 'not_found',
        message: `the mirror has neither the candidate ${request.candidateSha} nor the head ${request.headSha}`,
      });
    }
    const gateway = await makeGateway(mirror.home, repository, {
      agentId: request.agentId,
      branch: null,
      user,
    });
    await syncGateway(repository, gateway);
    await makeSharedClone(mirror.directory, directory, user);
    const settings = { 'advice.detachedHead': 'false' };
    await connectToGateway(directory, gateway.directory, agentIdentity(request.agentName), settings, user);
    await runGit(['checkout', '--quiet', '--detach', sha], {
      cwd: directory,
      user,
      timeoutMs: CHECKOUT_TIMEOUT_MS,
    });
    return { directory, sha, shows: candidate === null ? 'head' : 'candidate' };
  });
}

/**
 * Removes an agent's worktree and gateway after its pushed work is in the mirror and on the remote.
 * @throws GitError when that could not be saved; nothing is removed then
 */
export async function removeWorktree(request: {
  mirror: Mirror;
  agentId: string;
  directory: string;
}): Promise<void> {
  const { mirror, agentId } = request;
  await mirror.exclusive(async (repository) => {
    const gateway = (await listGateways(mirror.home)).find((each) => each.agentId === agentId);
    if (gateway?.branch !== undefined && gateway.branch !== null) {
      await collect(repository, gateway);
      await backUp(repository, gateway.branch);
    }
    await rm(request.directory, { recursive: true, force: true });
    await removeGateway(mirror.home, agentId);
  });
}
