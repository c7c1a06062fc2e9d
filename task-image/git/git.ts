import { dirname, resolve } from 'node:path';
import { execa } from 'execa';
import type { ProcessUser } from '../process/process-user.ts';
import { GitError, kindOfFailure } from './git-error.ts';

const DEFAULT_GIT_TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const KILL_AFTER_MS = 2_000;

export interface Identity {
  name: string;
  email: string;
}

/** Who makes the commits that no agent makes. */
const TOWN_IDENTITY: Identity = { name: 'Gastown', email: 'gastown@gastown.local' };

export interface RunGitOptions {
  cwd: string;
  /** Added to, and winning over, the environment that every git gets here. Nothing else is inherited. */
  env?: Readonly<Record<string, string>>;
  identity?: Identity;
  /** Whose repository it is: git would not touch another's, nor should what stands in its configuration run as the supervisor. */
  user?: ProcessUser | undefined;
  input?: string;
  /** @default 120,000 ms */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Values to redact from error messages. */
  secrets?: readonly string[];
}

/** What a process needs to reach the network from a private subnet; never credentials of ours. */
const INHERITED = [
  'PATH',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
] as const;

export function inheritedEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

function gitEnvironment(options: RunGitOptions): Record<string, string> {
  const identity = options.identity ?? TOWN_IDENTITY;
  return {
    ...inheritedEnvironment(),
    LC_ALL: 'C',
    // No configuration, netrc or ignore file of the machine; HOME covers what git < 2.32 would still read.
    HOME: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    // A directory that lost its .git must not act on a repository around it.
    GIT_CEILING_DIRECTORIES: dirname(resolve(options.cwd)),
    GIT_TERMINAL_PROMPT: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_ALLOW_PROTOCOL: 'file:https',
    GIT_EDITOR: 'false',
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    ...options.env,
  };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

export interface GitOutcome {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

async function execute(args: readonly string[], options: RunGitOptions): Promise<GitOutcome> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_GIT_TIMEOUT_MS;
  options.signal?.throwIfAborted();
  // A group of its own: a transport helper (git-remote-https) must die with its git.
  const child = execa('git', args, {
    cwd: options.cwd,
    env: gitEnvironment(options),
    extendEnv: false,
    detached: true,
    reject: false,
    maxBuffer: MAX_OUTPUT_BYTES,
    ...options.user,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  const { pid } = child;
  let isTimedOut = false;
  let killTimer: NodeJS.Timeout | undefined;
  const end = (): void => {
    if (pid === undefined) return;
    killGroup(pid, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(pid, 'SIGKILL'), KILL_AFTER_MS);
  };
  const limit = setTimeout(() => {
    isTimedOut = true;
    end();
  }, timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    const result = await child;
    options.signal?.throwIfAborted();
    const name = commandName(args);
    if (isTimedOut) {
      throw new GitError({ kind: 'timeout', message: `git ${name} took longer than ${timeoutMs} ms` });
    }
    if (result.exitCode === undefined) {
      const message = `git ${name} could not run: ${result.shortMessage ?? 'unknown'}`;
      throw new GitError({
        kind: 'other',
        message,
        cause: result.cause,
        ...(options.secrets && { secrets: options.secrets }),
      });
    }
    return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  } finally {
    clearTimeout(limit);
    clearTimeout(killTimer);
    options.signal?.removeEventListener('abort', end);
  }
}

/** The subcommand, without the `-c name=value` before it: those may carry what nobody should read. */
function commandName(args: readonly string[]): string {
  let index = 0;
  while (args[index] === '-c') index += 2;
  return args[index] ?? '';
}

/** The error of a finished command that exited with something else than 0. */
export function gitFailure(args: readonly string[], options: RunGitOptions, outcome: GitOutcome): GitError {
  const said = outcome.stderr.trim() || outcome.stdout.trim() || 'no message';
  return new GitError({
    kind: kindOfFailure(outcome.stderr),
    message: `git ${commandName(args)} failed (${outcome.exitCode ?? 'killed'}): ${said}`,
    exitCode: outcome.exitCode,
    ...(options.secrets && { secrets: options.secrets }),
  });
}

/**
 * Runs git with an explicit environment and a time limit, in a process group of its own.
 * @returns standard output without its last line break
 * @throws GitError when it exits with anything but 0, cannot start or takes too long; the abort reason when aborted
 */
export async function runGit(args: readonly string[], options: RunGitOptions): Promise<string> {
  const outcome = await execute(args, options);
  if (outcome.exitCode !== 0) throw gitFailure(args, options, outcome);
  return outcome.stdout;
}

/**
 * For commands that answer a question with their exit code: 0 is yes, 1 is no.
 * @throws GitError for any other code
 */
export async function askGit(args: readonly string[], options: RunGitOptions): Promise<boolean> {
  const outcome = await execute(args, options);
  if (outcome.exitCode === 0) return true;
  if (outcome.exitCode === 1) return false;
  throw gitFailure(args, options, outcome);
}

/**
 * For commands whose failure is explained on standard output (`push --porcelain`, `merge`).
 * @throws GitError only when git could not run or took too long
 */
export async function tryGit(args: readonly string[], options: RunGitOptions): Promise<GitOutcome> {
  return execute(args, options);
}
