import { remoteWipRef } from '../git/backup.ts';
import { firstSeen } from '../git/first-seen.ts';
import type { MirrorRepository } from '../git/mirror-repository.ts';

export interface ForeignCommits {
  branch: string;
  shas: string[];
}

async function revisions(repository: MirrorRepository, args: readonly string[]): Promise<string[]> {
  const listed = await repository.git(['rev-list', ...args]);
  return listed === '' ? [] : listed.split('\n');
}

/** Every state of a branch that is known here: pushed in this container, backed up, published. */
async function headsOf(repository: MirrorRepository, branch: string): Promise<string[]> {
  const refs = [`refs/heads/${branch}`, remoteWipRef(branch), `refs/remotes/origin/${branch}`];
  const heads = await Promise.all(refs.map((ref) => repository.commit(ref)));
  return heads.filter((head) => head !== null);
}

/**
 * Finds the commits of `branch` beyond `base` that belong to another bead's branch. Two branches that share a commit are
 * not both to blame: it belongs to the branch that brought it to the mirror; when that is not known any more, to a branch
 * that has it on its first-parent line (a branch that merely merged it does not own it).
 * @returns the first foreign branch found with its commits, or null
 * @throws GitError
 */
export async function findForeignCommits(
  repository: MirrorRepository,
  request: { branch: string; head: string; base: string; foreignBranches: readonly string[] },
): Promise<ForeignCommits | null> {
  const own = new Set(await revisions(repository, [request.head, '--not', request.base]));
  if (own.size === 0) return null;
  const owners = await firstSeen(repository);
  for (const branch of request.foreignBranches) {
    if (branch === request.branch) continue;
    const heads = await headsOf(repository, branch);
    if (heads.length === 0) continue;
    const reachable = await revisions(repository, [...heads, '--not', request.base]);
    const shared = reachable.filter((sha) => own.has(sha));
    if (shared.length === 0) continue;
    const firstParents = new Set(
      await revisions(repository, ['--first-parent', ...heads, '--not', request.base]),
    );
    const shas = shared.filter((sha) => {
      const owner = owners.get(sha);
      return owner === undefined ? firstParents.has(sha) : owner !== request.branch;
    });
    if (shas.length > 0) return { branch, shas };
  }
  return null;
}
