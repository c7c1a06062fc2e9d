import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MirrorRepository } from './mirror-repository.ts';

/**
 * Remembers which branch brought a commit to the mirror first. When one branch was cut from another, both hold the same
 * commits and history alone cannot say whose they are. The file is lost with the container; then history has to do.
 */
const fileOf = (repository: MirrorRepository): string => join(repository.directory, 'gastown-first-seen');

/** Call right after `branch` moved from `before` to `head` in the mirror. @throws GitError */
export async function recordFirstSeen(
  repository: MirrorRepository,
  branch: string,
  before: string | null,
  head: string,
): Promise<void> {
  const known = [
    ...(before === null ? [] : [before]),
    `--exclude=${branch}`,
    '--branches',
    '--remotes',
    '--glob=refs/gastown/remote-wip',
  ];
  const fresh = await repository.git(['rev-list', head, '--not', ...known]);
  if (fresh === '') return;
  const rows = fresh.split('\n').map((sha) => `${sha} ${branch}\n`);
  await appendFile(fileOf(repository), rows.join(''));
}

/** Commit → the branch that brought it. */
export async function firstSeen(repository: MirrorRepository): Promise<Map<string, string>> {
  const text = await readFile(fileOf(repository), 'utf8').catch(() => '');
  const owners = new Map<string, string>();
  for (const row of text.split('\n')) {
    const [sha, branch] = row.split(' ');
    if (sha !== undefined && branch !== undefined && !owners.has(sha)) owners.set(sha, branch);
  }
  return owners;
}
