import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { gitEnvironment, git, type Identity } from './run.ts';

/** Path → text; null removes it. */
export type Files = Readonly<Record<string, string | null>>;

interface NewCommit {
  /** undefined: the first commit of a history of its own. */
  readonly parent: string | undefined;
  readonly files: Files;
  readonly message: string;
  readonly author: Identity;
  readonly at: number;
}

/** Writes a commit into a bare repository, through an index of its own. Moves no ref. */
export async function writeCommit(directory: string, commit: NewCommit): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'forge-index-'));
  const env = { ...gitEnvironment(directory), GIT_INDEX_FILE: join(scratch, 'index'), GIT_DIR: directory };
  const withIndex = async (args: readonly string[], input = ''): Promise<string> =>
    (await execa('git', args, { cwd: directory, extendEnv: false, env, input, timeout: 30_000 })).stdout;
  try {
    if (commit.parent !== undefined) await withIndex(['read-tree', commit.parent]);
    for (const [path, text] of Object.entries(commit.files)) {
      if (text === null) {
        await withIndex(['update-index', '--force-remove', '--', path]);
        continue;
      }
      const blob = await git(directory, ['hash-object', '-w', '--stdin'], { input: text });
      await withIndex(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`]);
    }
    const tree = await withIndex(['write-tree']);
    const parents = commit.parent === undefined ? [] : ['-p', commit.parent];
    return await git(directory, ['commit-tree', tree, ...parents, '-F', '-'], {
      author: commit.author,
      committer: commit.author,
      at: commit.at,
      input: commit.message,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
