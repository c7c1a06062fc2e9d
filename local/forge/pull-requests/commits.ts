import { listCommits, mergeBase, readCommit, type CommitFacts } from '../git/repository.ts';
import type { PullRequest } from '../state/pull-request.ts';

/** Its own commits, oldest first. Of a merged one the base has them all; GitHub still lists what it had. */
export async function commitsOf(pull: PullRequest): Promise<CommitFacts[]> {
  const { repository, headSha } = pull;
  const target = pull.merged === undefined ? repository.branches.get(pull.base) : `${pull.merged.sha}^1`;
  const from = target === undefined ? undefined : await mergeBase(repository.directory, target, headSha);
  const listed = await listCommits(repository.directory, from ?? `${headSha}~1`, headSha);
  return listed.length > 0 ? listed : [await readCommit(repository.directory, headSha)];
}
