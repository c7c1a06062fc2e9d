import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

export interface GitRun {
  readonly code: number;
  readonly text: string;
  readonly errors: string;
}

/** Git as a client calls it, with a token as GitHub takes them. */
export async function git(cwd: string, token: string | undefined, ...args: string[]): Promise<GitRun> {
  const basic = Buffer.from(`x-access-token:${token ?? ''}`).toString('base64');
  const authorization = token === undefined ? [] : ['-c', `http.extraHeader=Authorization: Basic ${basic}`];
  const identity = { NAME: 'Polecat', EMAIL: 'polecat@example.com' };
  const run = await execa('git', [...authorization, ...args], {
    cwd,
    reject: false,
    timeout: 20_000,
    extendEnv: false,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/dev/null',
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: identity.NAME,
      GIT_AUTHOR_EMAIL: identity.EMAIL,
      GIT_COMMITTER_NAME: identity.NAME,
      GIT_COMMITTER_EMAIL: identity.EMAIL,
    },
  });
  return { code: run.exitCode ?? -1, text: run.stdout, errors: run.stderr };
}

export interface Clone {
  readonly directory: string;
  run(...args: string[]): Promise<GitRun>;
  /** Writes, commits, and returns the commit. */
  commit(files: Readonly<Record<string, string>>): Promise<string>;
}

/** A clone in a directory that goes with the test. */
export async function cloneOf(url: string, token: string): Promise<Clone> {
  const root = await mkdtemp(join(tmpdir(), 'clone-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const directory = join(root, 'clone');
  const cloned = await git(root, token, 'clone', '--quiet', url, directory);
  if (cloned.code !== 0) throw new Error(cloned.errors);
  const run: Clone['run'] = (...args) => git(directory, token, ...args);
  return {
    directory,
    run,
    async commit(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), text);
      }
      await run('add', '--all');
      await run('commit', '--quiet', '-m', `Change ${Object.keys(files).join(', ')}`);
      return (await run('rev-parse', 'HEAD')).text;
    },
  };
}
