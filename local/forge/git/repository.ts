import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, gitAnswer } from './run.ts';

const PROTECTED_REFS = 'protected-refs';

/** As GitHub answers a direct push to a protected branch (GH006). */
const UPDATE_HOOK = `#!/bin/sh
if grep -qxF -- "$1" "$GIT_DIR/${PROTECTED_REFS}" 2>/dev/null; then
  echo "error: GH006: Protected branch update failed for $1." >&2
  echo "error: Changes must be made through a pull request." >&2
  exit 1
fi
`;

/** The forge's own refs are read by clients, and not pushed to. Nothing runs on after an answer: tests remove the directory. */
const CONFIG = `[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
[receive]
	hideRefs = refs/pull
	autogc = false
[gc]
	auto = 0
`;

/** A bare repository that serves pushes as a forge does. */
export async function createBareRepository(directory: string, defaultBranch: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--bare', '--template=', '-b', defaultBranch, '.']);
  await appendFile(join(directory, 'config'), CONFIG);
  await mkdir(join(directory, 'hooks'), { recursive: true });
  await writeFile(join(directory, 'hooks', 'update'), UPDATE_HOOK, { mode: 0o755 });
}

/** The branches that nobody may push to. */
export const writeProtectedBranches = (directory: string, branches: readonly string[]): Promise<void> =>
  writeFile(join(directory, PROTECTED_REFS), branches.map((branch) => `refs/heads/${branch}\n`).join(''));

/** All branches with their heads. */
export async function readBranches(directory: string): Promise<Map<string, string>> {
  const text = await git(directory, [
    'for-each-ref',
    '--format=%(objectname) %(refname:lstrip=2)',
    'refs/heads',
  ]);
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]));
}

/** The commit that a name means; undefined: none. */
export async function resolveCommit(directory: string, name: string): Promise<string | undefined> {
  // A name that begins with a dash would be an option.
  if (name === '' || name.startsWith('-')) return undefined;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const { code, text } = await gitAnswer(directory, args, { codes: [0, 1, 128] });
  // Git 2.39 prints the separator too.
  return code === 0 ? text.split('\n').at(-1) : undefined;
}

export async function isAncestor(directory: string, ancestor: string, commit: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, commit];
  return (await gitAnswer(directory, args, { codes: [0, 1] })).code === 0;
}

export async function mergeBase(directory: string, a: string, b: string): Promise<string | undefined> {
  const { code, text } = await gitAnswer(directory, ['merge-base', a, b], { codes: [0, 1] });
  return code === 0 ? text : undefined;
}

/** How many commits `to` has that `from` lacks. */
export const countCommits = async (directory: string, from: string, to: string): Promise<number> =>
  Number(await git(directory, ['rev-list', '--count', `${from}..${to}`]));

export interface CommitFacts {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly email: string;
  readonly message: string;
}

/** Commits of `to` that `from` lacks, oldest first; at most 250, as GitHub lists. */
export async function listCommits(directory: string, from: string, to: string): Promise<CommitFacts[]> {
  const format = '--format=%H%x1f%P%x1f%an%x1f%ae%x1f%B%x1e';
  const text = await git(directory, ['log', '--reverse', '-n', '250', format, `${from}..${to}`]);
  return parseCommits(text);
}

export async function readCommit(directory: string, sha: string): Promise<CommitFacts> {
  const text = await git(directory, ['log', '-n', '1', '--format=%H%x1f%P%x1f%an%x1f%ae%x1f%B%x1e', sha]);
  const [commit] = parseCommits(text);
  if (commit === undefined) throw new Error(`no commit ${sha}`);
  return commit;
}

const parseCommits = (text: string): CommitFacts[] =>
  text
    .split('\u001E')
    .map((entry) => entry.trimStart().split('\u001F'))
    .filter((parts) => parts.length === 5)
    .map(([sha = '', parents = '', author = '', email = '', message = '']) => ({
      sha,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      author,
      email,
      message: message.trim(),
    }));

/** Paths in which two commits differ. */
export async function changedPaths(directory: string, from: string, to: string): Promise<string[]> {
  const text = await git(directory, ['diff', '--name-only', '-z', from, to]);
  return text.split('\0').filter((path) => path !== '');
}

/**
 * Moves, makes or deletes a ref, but only from where it was.
 * @param before undefined: it is not there yet
 * @param after undefined: delete it
 */
export async function updateRef(
  directory: string,
  ref: string,
  { before, after }: { before?: string | undefined; after?: string | undefined },
): Promise<void> {
  const zero = '0'.repeat(40);
  const args =
    after === undefined
      ? ['update-ref', '-d', ref, before ?? '']
      : ['update-ref', ref, after, before ?? zero];
  await git(
    directory,
    args.filter((arg) => arg !== ''),
  );
}
