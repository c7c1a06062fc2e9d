import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { RigSpec } from '../../core/protocol/sync.ts';
import { backUp } from './backup.ts';
import { syncGateways } from './gateway.ts';
import { runGit, tryGit } from './git.ts';
import { GitError } from './git-error.ts';
import { MirrorRepository, type CredentialSource } from './mirror-repository.ts';
import { assertValid, validateBranch, validateGitUrl, validateId } from './validate.ts';

export interface OpenMirrorOptions {
  workDir: string;
  rig: RigSpec;
  /** Takes `file:` URLs and absolute paths: local mode only. */
  allowLocal: boolean;
  credentials?: CredentialSource | undefined;
}

/** One queue a mirror directory and process, whoever opened it: two git processes never write to it at a time. */
const queues = new Map<string, PQueue>();

function queueOf(directory: string): PQueue {
  const queue = queues.get(directory) ?? new PQueue({ concurrency: 1 });
  queues.set(directory, queue);
  return queue;
}

/** The supervisor's copy of a rig's repository, through which everything goes to the remote and comes from it. */
export class Mirror {
  readonly rigId: string;
  /** `<workDir>/rigs/<rigId>`: the mirror, and the gateways of the rig's agents. */
  readonly home: string;
  readonly directory: string;
  readonly #repository: MirrorRepository;

  constructor(home: string, rigId: string, repository: MirrorRepository) {
    this.home = home;
    this.rigId = rigId;
    this.directory = repository.directory;
    this.#repository = repository;
  }

  /** Runs a task while no other one touches this mirror. Never call it from within such a task. */
  async exclusive<Result>(task: (repository: MirrorRepository) => Promise<Result>): Promise<Result> {
    return queueOf(this.directory).add(() => task(this.#repository));
  }

  /** Fetches, and shows agents what came. @throws GitError */
  async fetch(): Promise<void> {
    await this.exclusive(async (repository) => {
      await repository.fetch();
      await syncGateways(this.home, repository);
    });
  }

  /** Values that must not appear in what leaves the supervisor. */
  async secrets(): Promise<string[]> {
    return this.#repository.secrets();
  }

  /** Saves an agent's branch on the remote, out of the way of branches. @throws GitError */
  async backUp(branch: string): Promise<void> {
    await this.exclusive((repository) => backUp(repository, branch));
  }
}

async function isRepository(directory: string): Promise<boolean> {
  try {
    const answer = await tryGit(['--git-dir=.', 'rev-parse', '--is-bare-repository'], { cwd: directory });
    return answer.exitCode === 0 && answer.stdout === 'true';
  } catch (error) {
    // The directory is not there.
    if (error instanceof GitError) return false;
    throw error;
  }
}

async function initialise(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  // No template: no hooks, no excludes. No garbage collection: worktrees and gateways borrow objects from here.
  await runGit(['init', '--quiet', '--bare', '--template=', '.'], { cwd: directory });
  const settings = { 'gc.auto': '0', 'maintenance.auto': 'false', 'core.logAllRefUpdates': 'false' };
  for (const [name, value] of Object.entries(settings)) {
    await runGit(['config', name, value], { cwd: directory });
  }
}

/** An empty remote has nothing to cut a branch from: it gets an empty first commit. */
async function ensureFirstCommit(repository: MirrorRepository): Promise<void> {
  if ((await repository.refs('refs/remotes/origin/')).size > 0) return;
  const tree = await repository.git(['mktree'], { input: '' });
  const commit = await repository.git(['commit-tree', tree, '-m', 'Initial commit']);
  const ref = `refs/heads/${repository.defaultBranch}`;
  // Refused when somebody else was first, which is as good.
  await repository.push([`${commit}:${ref}`], [[ref, '']]);
  await repository.fetch();
  if ((await repository.commit(`refs/remotes/origin/${repository.defaultBranch}`)) === null) {
    throw new GitError({
      kind: 'rejected',
      message: `the remote is empty and did not take a first commit on ${repository.defaultBranch}`,
    });
  }
}

/**
 * Opens the mirror of a rig at `<workDir>/rigs/<rigId>/mirror.git`, making it when it is not there or broken.
 * @throws GitError when the remote cannot be reached; TypeError when id, URL or branch are not valid
 */
export async function openMirror(options: OpenMirrorOptions): Promise<Mirror> {
  const { rigId, gitUrl, defaultBranch } = options.rig;
  assertValid('rig id', rigId, validateId(rigId));
  assertValid('git URL', gitUrl, validateGitUrl(gitUrl, options.allowLocal));
  assertValid('default branch', defaultBranch, validateBranch(defaultBranch));
  const home = join(options.workDir, 'rigs', rigId);
  const at = (directory: string): MirrorRepository =>
    new MirrorRepository({ directory, remoteUrl: gitUrl, defaultBranch, credentials: options.credentials });

  const mirror = new Mirror(home, rigId, at(join(home, 'mirror.git')));
  await mirror.exclusive(async (repository) => {
    if (await isRepository(mirror.directory)) {
      await repository.fetch();
    } else {
      // Complete or not there at all: what was cut short is under another name.
      const partial = join(home, 'mirror.git.partial');
      await rm(partial, { recursive: true, force: true });
      await initialise(partial);
      await at(partial).fetch();
      await rm(mirror.directory, { recursive: true, force: true });
      await rename(partial, mirror.directory);
    }
    await ensureFirstCommit(repository);
    await syncGateways(home, repository);
  });
  return mirror;
}
