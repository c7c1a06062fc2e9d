import { access, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTreeTo, type ProcessUser } from '../process/process-user.ts';
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
 * In a task of its own each agent is a user of its own, whose gateway and worktree are; what git has to do in there it does as that user,
 * since whatever an agent put there would run as whoever looks. In local mode there is one user: an agent that goes looking can write to
 * the mirror itself, and only the checks of the jobs stand then.
 */
export interface Gateway {
  agentId: string;
  /** `<home>/gateways/<agentId>/origin.git` */
  directory: string;
  /** null for a reviewer, who pushes nothing. */
  branch: string | null;
  /** Whose it is. @default the supervisor's */
  user?: ProcessUser | undefined;
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

/**
 * Makes an agent's gateway and fixes the one branch that it takes. One that is there goes: it may hold whatever the agent put there, so
 * collect from it first.
 * @throws GitError
 */
export async function makeGateway(
  home: string,
  repository: MirrorRepository,
  { agentId, branch, user }: Omit<Gateway, 'directory'>,
): Promise<Gateway> {
  assertValid('agent id', agentId, validateId(agentId));
  if (branch !== null) assertValid('branch', branch, validateBranch(branch));
  await removeGateway(home, agentId);
  const directory = gatewayDirectory(home, agentId);
  const git = (args: string[]): Promise<string> => runGit(args, { cwd: directory });
  await mkdir(directory, { recursive: true });
  await git(['init', '--quiet', '--bare', '--template=', '.']);
  // The hook answers, which says what to do instead; git's own refusals come before it.
  await git(['config', 'receive.denyDeleteCurrent', 'ignore']);
  await git(['config', 'receive.autogc', 'false']);
  await git(['config', 'gc.auto', '0']);
  await git(['symbolic-ref', 'HEAD', `refs/heads/${repository.defaultBranch}`]);
  for (const folder of ['objects/info', 'hooks']) await mkdir(join(directory, folder), { recursive: true });
  const alternates = `${join(repository.directory, 'objects')}\n`;
  await writeFile(join(directory, 'objects', 'info', 'alternates'), alternates);
  await writeFile(join(directory, 'hooks', 'update'), UPDATE_HOOK, { mode: 0o755 });
  await giveTreeTo(user, directory);
  // Beside what is the agent's, where it cannot write. The last one says that all is there.
  const about = gatewayHome(home, agentId);
  await writeFile(join(about, 'push-branch'), branch ?? '');
  if (user !== undefined) await writeFile(join(about, 'user'), `${user.uid}:${user.gid}`);
  await writeFile(join(about, 'complete'), '');
  return { agentId, branch, directory, user };
}

/** The gateways of a rig that are on this disk, also those made before the supervisor restarted. */
export async function listGateways(home: string): Promise<Gateway[]> {
  const agentIds = await readdir(join(home, 'gateways')).catch(() => []);
  const gateways: Gateway[] = [];
  for (const agentId of agentIds) {
    const about = gatewayHome(home, agentId);
    if (!(await exists(join(about, 'complete')))) continue;
    const branch = await readFile(join(about, 'push-branch'), 'utf8').catch(() => '');
    const user = userOf(await readFile(join(about, 'user'), 'utf8').catch(() => ''));
    const directory = gatewayDirectory(home, agentId);
    gateways.push({ agentId, directory, branch: branch === '' ? null : branch, user });
  }
  return gateways;
}

function userOf(text: string): ProcessUser | undefined {
  const [uid = Number.NaN, gid = Number.NaN] = text.split(':').map(Number);
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

export async function removeGateway(home: string, agentId: string): Promise<void> {
  await rm(gatewayHome(home, agentId), { recursive: true, force: true });
}

/** git keeps a ref in a file and its slashes are directories: `a` and `a/b` exclude each other. */
const collides = (left: string, right: string): boolean =>
  left === right || left.startsWith(`${right}/`) || right.startsWith(`${left}/`);

async function localRefs({ directory, user }: Gateway): Promise<Map<string, string>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/'];
  const rows = (await runGit(args, { cwd: directory, user })).split('\n').filter((row) => row !== '');
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
  const { directory, user } = gateway;
  await runGit(['update-ref', ref, head, present ?? ABSENT], { cwd: directory, user });
}

/** Shows the agent the remote's branches as the mirror knows them. @throws GitError */
export async function syncGateway(repository: MirrorRepository, gateway: Gateway): Promise<void> {
  const own = gateway.branch === null ? null : `refs/heads/${gateway.branch}`;
  const present = await localRefs(gateway);
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
    const { directory, user } = gateway;
    await runGit(['update-ref', '--stdin'], { cwd: directory, user, input: step.join('') });
  }
  if (own !== null) await forwardOwnBranch(repository, gateway, own, present.get(own));
}

/** The sending side runs as the owner of what it reads, and is to us as a remote is. */
const sentBy = (user: ProcessUser | undefined): string[] =>
  user === undefined
    ? []
    : [`--upload-pack=setpriv --reuid=${user.uid} --regid=${user.gid} --clear-groups git-upload-pack`];

/**
 * Takes the agent's branch from its gateway into the mirror: that branch and no other, forward only.
 * @returns its head in the mirror; null when there is none
 * @throws GitError `rejected` when the gateway's branch does not continue the mirror's
 */
export async function collect(repository: MirrorRepository, gateway: Gateway): Promise<string | null> {
  if (gateway.branch === null) return null;
  const { directory, user } = gateway;
  const ref = `refs/heads/${gateway.branch}`;
  const before = await repository.commit(ref);
  const pushed = await runGit(['for-each-ref', '--format=%(objectname)', ref], { cwd: directory, user });
  const sha = pushed.split('\n')[0] ?? '';
  if (sha === '' || sha === before) return before;
  // The mirror is ahead when work came back from the remote.
  if (before !== null && (await isKnownAncestor(repository, sha, before))) return before;
  const quiet = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', ...sentBy(user)];
  await repository.git([...quiet, directory, `${ref}:${ref}`]);
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
