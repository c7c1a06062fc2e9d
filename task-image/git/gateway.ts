import { access, chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordFirstSeen } from './first-seen.ts';
import { runGit } from './git.ts';
import { GitError } from './git-error.ts';
import type { MirrorRepository } from './mirror-repository.ts';
import { UPDATE_HOOK } from './update-hook.ts';
import { assertValid, validateBranch, validateId } from './validate.ts';

/**
 * A gateway is what an agent knows as `origin`: a bare repository of its own that borrows objects from the mirror, shows
 * the remote's branches and takes one branch. The agent never touches the mirror. The supervisor collects that one branch
 * from the gateway, forward only, so an agent that edits its gateway's hook or refs gains nothing: other refs are never
 * collected and a rewritten branch is not taken.
 *
 * In a task of its own, agents are to run as another user, who can write to their gateway and worktree but not to the mirror.
 * Until then, and in local mode, there is one user: an agent that goes looking can write to the mirror itself, and only the checks of the jobs stand then.
 */
export interface Gateway {
  agentId: string;
  /** `<home>/gateways/<agentId>/origin.git` */
  directory: string;
  /** null for a reviewer, who pushes nothing. */
  branch: string | null;
}

const gatewayHome = (home: string, agentId: string): string => join(home, 'gateways', agentId);

export const gatewayDirectory = (home: string, agentId: string): string =>
  join(gatewayHome(home, agentId), 'origin.git');

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Makes or repairs an agent's gateway and fixes the one branch that it takes. @throws GitError */
export async function openGateway(
  home: string,
  repository: MirrorRepository,
  agentId: string,
  branch: string | null,
): Promise<Gateway> {
  assertValid('agent id', agentId, validateId(agentId));
  if (branch !== null) assertValid('branch', branch, validateBranch(branch));
  const gateway: Gateway = { agentId, branch, directory: gatewayDirectory(home, agentId) };
  const git = (args: string[]): Promise<string> => runGit(args, { cwd: gateway.directory });
  if (!(await exists(join(gateway.directory, 'complete')))) {
    await rm(gateway.directory, { recursive: true, force: true });
    await mkdir(gateway.directory, { recursive: true });
    await git(['init', '--quiet', '--bare', '--template=', '.']);
    await mkdir(join(gateway.directory, 'objects', 'info'), { recursive: true });
    // The hook answers, which says what to do instead; git's own refusals come before it.
    await git(['config', 'receive.denyDeleteCurrent', 'ignore']);
    await git(['config', 'receive.autogc', 'false']);
    await git(['config', 'gc.auto', '0']);
    await writeFile(join(gateway.directory, 'complete'), '');
  }
  const alternates = `${join(repository.directory, 'objects')}\n`;
  await writeFile(join(gateway.directory, 'objects', 'info', 'alternates'), alternates);
  const hook = join(gateway.directory, 'hooks', 'update');
  await mkdir(join(gateway.directory, 'hooks'), { recursive: true });
  await writeFile(hook, UPDATE_HOOK);
  await chmod(hook, 0o755);
  await writeFile(join(gateway.directory, '..', 'push-branch'), branch ?? '');
  await git(['symbolic-ref', 'HEAD', `refs/heads/${repository.defaultBranch}`]);
  return gateway;
}

/** The gateways of a rig that are on this disk, also those made before the supervisor restarted. */
export async function listGateways(home: string): Promise<Gateway[]> {
  const agentIds = await readdir(join(home, 'gateways')).catch(() => []);
  const gateways: Gateway[] = [];
  for (const agentId of agentIds) {
    const directory = gatewayDirectory(home, agentId);
    if (!(await exists(join(directory, 'complete')))) continue;
    const branch = await readFile(join(directory, '..', 'push-branch'), 'utf8').catch(() => '');
    gateways.push({ agentId, directory, branch: branch === '' ? null : branch });
  }
  return gateways;
}

export async function removeGateway(home: string, agentId: string): Promise<void> {
  await rm(gatewayHome(home, agentId), { recursive: true, force: true });
}

/** git keeps a ref in a file and its slashes are directories: `a` and `a/b` exclude each other. */
const collides = (left: string, right: string): boolean =>
  left === right || left.startsWith(`${right}/`) || right.startsWith(`${left}/`);

async function localRefs(directory: string): Promise<Map<string, string>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/'];
  const rows = (await runGit(args, { cwd: directory })).split('\n').filter((row) => row !== '');
  return new Map(rows.map((row) => [row.slice(41), row.slice(0, 40)]));
}

const ABSENT = '0'.repeat(40);

/** The agent's own branch follows the mirror's when that is ahead, as when work came back from the remote. */
async function forwardOwnBranch(
  repository: MirrorRepository,
  gateway: Gateway,
  ref: string,
  present: string | undefined,
): Promise<void> {
  const head = await repository.commit(ref);
  if (head === null || head === present) return;
  if (present !== undefined && !(await isKnownAncestor(repository, present, head))) return;
  // Compared and swapped: the agent may push at the same moment.
  await runGit(['update-ref', ref, head, present ?? ABSENT], { cwd: gateway.directory });
}

/** Shows the agent the remote's branches as the mirror knows them. @throws GitError */
export async function syncGateway(repository: MirrorRepository, gateway: Gateway): Promise<void> {
  const own = gateway.branch === null ? null : `refs/heads/${gateway.branch}`;
  const present = await localRefs(gateway.directory);
  const wanted = new Map<string, string>();
  for (const [ref, sha] of await repository.refs('refs/remotes/origin/')) {
    const branch = ref.replace('refs/remotes/origin/', 'refs/heads/');
    if (own === null || !collides(branch, own)) wanted.set(branch, sha);
  }
  const gone = [...present.keys()].filter((ref) => ref !== own && !wanted.has(ref));
  const changed = [...wanted].filter(([ref, sha]) => present.get(ref) !== sha);
  // Deletions first and apart, or a branch `a` could not become `a/b`.
  const steps = [gone.map((ref) => `delete ${ref}\n`), changed.map(([ref, sha]) => `update ${ref} ${sha}\n`)];
  for (const step of steps) {
    if (step.length === 0) continue;
    await runGit(['update-ref', '--stdin'], { cwd: gateway.directory, input: step.join('') });
  }
  if (own !== null) await forwardOwnBranch(repository, gateway, own, present.get(own));
}

/**
 * Takes the agent's branch from its gateway into the mirror: that branch and no other, forward only.
 * @returns its head in the mirror; null when there is none
 * @throws GitError `rejected` when the gateway's branch does not continue the mirror's
 */
export async function collect(repository: MirrorRepository, gateway: Gateway): Promise<string | null> {
  if (gateway.branch === null) return null;
  const ref = `refs/heads/${gateway.branch}`;
  const before = await repository.commit(ref);
  const pushed = await runGit(['for-each-ref', '--format=%(objectname)', ref], { cwd: gateway.directory });
  const sha = pushed.split('\n')[0] ?? '';
  if (sha === '' || sha === before) return before;
  // The mirror is ahead when work came back from the remote.
  if (before !== null && (await isKnownAncestor(repository, sha, before))) return before;
  const source = gateway.directory;
  await repository.git(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', source, `${ref}:${ref}`]);
  const head = await repository.commit(ref);
  if (head === null) throw new GitError({ kind: 'other', message: `${gateway.branch} was not collected` });
  await recordFirstSeen(repository, gateway.branch, before, head);
  return head;
}

async function isKnownAncestor(repository: MirrorRepository, sha: string, head: string): Promise<boolean> {
  return (await repository.commit(sha)) !== null && (await repository.isAncestor(sha, head));
}

/** Collects a branch from whichever gateways take it. @throws GitError */
export async function collectBranch(
  home: string,
  repository: MirrorRepository,
  branch: string,
): Promise<void> {
  for (const gateway of await listGateways(home)) {
    if (gateway.branch === branch) await collect(repository, gateway);
  }
}

/** After a fetch: every agent of the rig sees it with its next `git fetch`. @throws GitError */
export async function syncGateways(home: string, repository: MirrorRepository): Promise<void> {
  for (const gateway of await listGateways(home)) {
    // A branch that cannot be collected now is no reason to hide the remote's news from its agent.
    await collect(repository, gateway).catch((error: unknown) => {
      if (!(error instanceof GitError)) throw error;
    });
    await syncGateway(repository, gateway);
  }
}
