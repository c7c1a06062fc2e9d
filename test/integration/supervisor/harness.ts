import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { CheckJob, JobSpec } from '../../../core/protocol/job.ts';
import type { AgentSpec } from '../../../core/protocol/sync.ts';
import { createSampleRepository } from '../../../local/demo/sample-repository.ts';
import { processesWith } from '../agents/processes.ts';
import { BOOTSTRAP_TOKEN, startControlPlane, type ControlPlaneProgram } from './control-plane.ts';

const MAIN = fileURLToPath(new URL('../../../task-image/supervisor/main.ts', import.meta.url));
export const MODEL_KEY = 'model-key-of-the-test';
export const RIG_ID = 'rig-1';

/** Waits until `condition` gives something other than undefined or false. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(50);
  }
}

export interface Supervised {
  readonly pid: number;
  /** Everything that it printed. */
  log(): string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  signal(name: NodeJS.Signals): void;
  /** Closes the pipe that says that the parent is there. */
  closeParentPipe(): void;
}

export interface Stage {
  readonly root: string;
  readonly workDir: string;
  readonly remote: string;
  readonly controlPlane: ControlPlaneProgram;
  start(env?: Readonly<Record<string, string>>): Supervised;
  /** Processes of this stage's supervisors: servers, gates, git, and what these started. */
  processes(): { pid: number; command: string }[];
  remoteGit(...args: string[]): Promise<string>;
  /** A new branch of the remote with one commit on `main`. */
  pushBranch(branch: string): Promise<string>;
  onClose(cleanUp: () => Promise<void>): void;
  close(): Promise<void>;
}

/** A control plane, a sample remote and a disk, for one test. */
export async function openStage(
  options: { hasSocket?: boolean; modelUrl?: string; pluginFile?: string } = {},
): Promise<Stage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'gastown-supervisor-')));
  const workDir = join(root, 'disk');
  const { remoteUrl, defaultBranch } = await createSampleRepository(root);
  const controlPlane = await startControlPlane({
    hasSocket: options.hasSocket ?? true,
    credentials: {
      providerId: 'scripted',
      npm: '@ai-sdk/openai-compatible',
      options: { baseURL: options.modelUrl ?? 'http://127.0.0.1:9/v1', apiKey: MODEL_KEY },
      modelId: 'scripted',
      smallModelId: 'scripted',
      env: {},
    },
  });
  controlPlane.desired.rigs = [{ rigId: RIG_ID, gitUrl: remoteUrl, defaultBranch }];
  const children: Supervised[] = [];
  const cleanUps: (() => Promise<void>)[] = [];

  const remoteGit = async (...args: string[]): Promise<string> =>
    (await execa('git', args, { cwd: remoteUrl, stdin: 'ignore', timeout: 20_000 })).stdout;

  return {
    root,
    workDir,
    remote: remoteUrl,
    controlPlane,
    start(env = {}) {
      const child = startMain(root, {
        GASTOWN_TOWN_ID: 'town-1',
        GASTOWN_EPOCH: '1',
        GASTOWN_API_URL: controlPlane.url,
        GASTOWN_BOOTSTRAP_TOKEN: BOOTSTRAP_TOKEN,
        GASTOWN_WORK_DIR: workDir,
        GASTOWN_PLUGIN_FILE: options.pluginFile ?? '/none.js',
        GASTOWN_ALLOW_LOCAL_GIT: '1',
        ...env,
      });
      children.push(child);
      return child;
    },
    processes: () => processesWith(workDir).filter(({ pid }) => !children.some((child) => child.pid === pid)),
    remoteGit,
    async pushBranch(branch) {
      const clone = join(root, `clone-${branch.replaceAll('/', '-')}`);
      await mkdir(clone);
      const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
      const git = (...args: string[]): Promise<unknown> =>
        execa('git', args, { cwd: clone, stdin: 'ignore' });
      await git('clone', '--quiet', remoteUrl, '.');
      await git(...identity, 'commit', '--quiet', '--allow-empty', '-m', `Work on ${branch}`);
      await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
      return remoteGit('rev-parse', branch);
    },
    onClose: (cleanUp) => void cleanUps.push(cleanUp),
    async close() {
      for (const child of children) child.signal('SIGKILL');
      await Promise.all(children.map(({ exited }) => exited));
      for (const cleanUp of cleanUps) await cleanUp();
      await controlPlane.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function startMain(cwd: string, env: Readonly<Record<string, string>>): Supervised {
  const child = spawn(process.execPath, [MAIN], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...env },
    stdio: 'pipe',
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
  }
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit').then(() => ({ code: child.exitCode, signal: child.signalCode }));
  return {
    pid: child.pid ?? 0,
    log: () => printed,
    exited,
    signal: (name) => void child.kill(name),
    closeParentPipe: () => child.stdin.end(),
  };
}

/** A job that runs `gates` on a trial merge of `branch` into main. */
export function checkJob(jobId: string, branch: string, gates: string[]): CheckJob {
  return {
    kind: 'check',
    jobId,
    rigId: RIG_ID,
    mergeRequestId: `merge-${jobId}`,
    title: `Merge ${branch}`,
    branch,
    headSha: null,
    target: 'main',
    gates,
    gateTimeoutSeconds: 120,
  };
}

export function verifyJob(jobId: string, branch: string): JobSpec {
  return { kind: 'verify', jobId, rigId: RIG_ID, branch, base: 'main', foreignBranches: [] };
}

export function beadAgent(body: string, extra: Partial<AgentSpec> = {}): AgentSpec {
  return {
    agentId: 'agent-1',
    role: 'polecat',
    name: 'nux',
    rigId: RIG_ID,
    attempt: 1,
    work: {
      kind: 'bead',
      beadId: 'bead-1',
      title: 'Write a file',
      body,
      branch: 'gt/nux/bead-1',
      base: 'main',
      createBaseFrom: 'main',
    },
    token: 'agent-token-of-the-test',
    messages: [],
    ...extra,
  };
}
