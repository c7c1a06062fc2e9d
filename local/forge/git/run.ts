import { dirname } from 'node:path';
import { execa } from 'execa';

const GIT_TIMEOUT_MS = 30_000;

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** What a forge signs its own commits with. */
export const FORGE_IDENTITY: Identity = { name: 'GitHub', email: 'noreply@github.com' };

export const identityOf = (login: string): Identity => ({
  name: login,
  email: `${login.replaceAll(/[^\w.-]/g, '-')}@users.noreply.github.com`,
});

export interface GitOptions {
  readonly author?: Identity;
  readonly committer?: Identity;
  /** Of author and committer: commits made at the same time from the same things have the same name. */
  readonly at?: number;
  readonly input?: string;
  /** Exit codes that are an answer. @default [0] */
  readonly codes?: readonly number[];
}

export interface GitResult {
  readonly code: number;
  readonly text: string;
}

/** The environment of a git that reads nobody's configuration. */
export const gitEnvironment = (directory: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CEILING_DIRECTORIES: dirname(directory),
  GIT_TERMINAL_PROMPT: '0',
});

/** Runs git in a repository. @throws when it exits with a code that is no answer */
export async function gitAnswer(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  const { author = FORGE_IDENTITY, committer = FORGE_IDENTITY, at = 0, codes = [0] } = options;
  // With the sign, small numbers are seconds too.
  const date = `@${Math.floor(at / 1000)} +0000`;
  const result = await execa('git', args, {
    cwd: directory,
    timeout: GIT_TIMEOUT_MS,
    input: options.input ?? '',
    reject: false,
    extendEnv: false,
    env: {
      ...gitEnvironment(directory),
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  const code = result.exitCode ?? -1;
  if (!codes.includes(code))
    throw new Error(`git ${args.join(' ')}: ${result.stderr || `exit code ${code}`}`);
  return { code, text: result.stdout };
}

export const git = async (
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> => (await gitAnswer(directory, args, options)).text;
