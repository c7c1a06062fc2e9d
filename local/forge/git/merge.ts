import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORGE_IDENTITY, git, gitAnswer, type Identity } from './run.ts';

/** The tree that a merge gives; undefined: it conflicts. */
export async function mergedTree(directory: string, base: string, head: string): Promise<string | undefined> {
  const args = ['merge-tree', '--write-tree', '--allow-unrelated-histories', '--no-messages', base, head];
  const { code, text } = await gitAnswer(directory, args, { codes: [0, 1] });
  return code === 0 ? text.split('\n')[0] : undefined;
}

interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Identity;
  readonly at: number;
}

export const commitTree = (directory: string, commit: NewCommit): Promise<string> =>
  git(
    directory,
    ['commit-tree', commit.tree, ...commit.parents.flatMap((parent) => ['-p', parent]), '-F', '-'],
    { author: commit.author, committer: FORGE_IDENTITY, at: commit.at, input: commit.message },
  );

/** The head's own commits anew on top of `base`, in a worktree of its own; undefined: one of them conflicts. */
export async function rebased(
  directory: string,
  base: string,
  head: string,
  at: number,
): Promise<string | undefined> {
  const parent = await mkdtemp(join(tmpdir(), 'forge-rebase-'));
  const worktree = join(parent, 'worktree');
  try {
    await git(directory, ['worktree', 'add', '--quiet', '--detach', worktree, head]);
    const { code } = await gitAnswer(worktree, ['rebase', '--quiet', '--force-rebase', base], {
      at,
      codes: [0, 1],
    });
    return code === 0 ? await git(worktree, ['rev-parse', 'HEAD']) : undefined;
  } finally {
    await rm(parent, { recursive: true, force: true });
    await git(directory, ['worktree', 'prune']);
  }
}
