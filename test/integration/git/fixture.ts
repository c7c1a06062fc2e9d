import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { createSampleRepository } from '../../../local/demo/sample-repository.ts';
import { openMirror, type Mirror } from '../../../task-image/git/mirror.ts';
import { prepareAgentWorktree, type AgentWorktree } from '../../../task-image/git/worktree.ts';
import type { JobContext } from '../../../task-image/jobs/job-context.ts';

export interface GitRun {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/** Git as an agent or a colleague would call it: its own environment, no options of ours. */
export async function git(cwd: string, ...args: string[]): Promise<GitRun> {
  const { exitCode, stdout, stderr } = await execa('git', args, {
    cwd,
    reject: false,
    extendEnv: false,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      LC_ALL: 'C',
    },
  });
  return { exitCode, stdout, stderr };
}

export async function mustGit(cwd: string, ...args: string[]): Promise<string> {
  const run = await git(cwd, ...args);
  if (run.exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

export async function commitFile(cwd: string, file: string, text: string): Promise<string> {
  await mkdir(dirname(join(cwd, file)), { recursive: true });
  await writeFile(join(cwd, file), text);
  await mustGit(cwd, 'add', '--all');
  await mustGit(cwd, 'commit', '--quiet', '-m', `Change ${file}`);
  return mustGit(cwd, 'rev-parse', 'HEAD');
}

export interface Town {
  root: string;
  remote: string;
  workDir: string;
  mirror: Mirror;
  logged: string[];
  context: JobContext;
  /** A supervisor with an empty disk, as after the loss of a container. */
  anotherDisk(): Promise<Town>;
  agent(agentId: string, branch: string, base?: string): Promise<AgentWorktree>;
  /** The agent commits a file on its branch and pushes. */
  work(agentId: string, branch: string, file: string, text?: string, base?: string): Promise<string>;
  /** Somebody else commits on a branch of the remote. */
  colleague(branch: string, file: string, text: string): Promise<string>;
  remoteRef(ref: string): Promise<string | null>;
  remove(): Promise<void>;
}

async function openTown(root: string, remote: string, disk: number): Promise<Town> {
  const workDir = join(root, `disk-${disk}`);
  const rig = { rigId: 'rig-1', gitUrl: remote, defaultBranch: 'main' };
  const mirror = await openMirror({ workDir, rig, allowLocal: true });
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const town: Town = {
    root,
    remote,
    workDir,
    mirror,
    logged,
    context: { mirror, workDir, log, signal: new AbortController().signal },
    anotherDisk: () => openTown(root, remote, disk + 1),
    agent: (agentId, branch, base = 'main') =>
      prepareAgentWorktree({
        mirror,
        agentId,
        agentName: 'Toast',
        branch,
        base,
        createBaseFrom: 'main',
        directory: join(workDir, 'worktrees', agentId),
      }),
    async work(agentId, branch, file, text = 'export {};\n', base = 'main') {
      const { directory } = await town.agent(agentId, branch, base);
      const sha = await commitFile(directory, file, text);
      await mustGit(directory, 'push', '--quiet', 'origin', `HEAD:${branch}`);
      return sha;
    },
    async colleague(branch, file, text) {
      const clone = await mkdtemp(join(root, 'colleague-'));
      await mustGit(clone, 'clone', '--quiet', '-b', branch, remote, '.');
      await mustGit(clone, 'config', 'user.name', 'Ada');
      await mustGit(clone, 'config', 'user.email', 'ada@example.com');
      const sha = await commitFile(clone, file, text);
      await mustGit(clone, 'push', '--quiet', 'origin', `HEAD:${branch}`);
      return sha;
    },
    async remoteRef(ref) {
      const run = await git(remote, 'rev-parse', '--verify', '--quiet', ref);
      return run.exitCode === 0 ? run.stdout : null;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  return town;
}

export async function temporaryDirectory(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'gastown-git-')));
}

export async function createTown(): Promise<Town> {
  const root = await temporaryDirectory();
  const { remoteUrl } = await createSampleRepository(root);
  return openTown(root, remoteUrl, 1);
}

/** Waits until a condition holds, at most `withinMs`. */
export async function eventually(condition: () => Promise<boolean>, withinMs = 5_000): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return condition();
}

/** False for a zombie too: it has ended. */
export async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await execa('ps', ['-o', 'stat=', '-p', String(pid)], { reject: false });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
