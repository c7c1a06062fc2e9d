import { validationFailed } from '../refusal.ts';
import { countCommits } from '../git/repository.ts';
import { isOpen, type PullRequest } from '../state/pull-request.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../world.ts';
import { forgetMergeability } from './mergeability.ts';
import { keepHead } from './moved-refs.ts';

export interface NewPull {
  readonly title: string;
  /** `branch` or `owner:branch`. */
  readonly head: string;
  readonly base: string;
  readonly body?: string;
  readonly isDraft?: boolean;
  readonly author: string;
}

const custom = (message: string) => ({ resource: 'PullRequest', code: 'custom', message });
const invalid = (field: string) => ({ resource: 'PullRequest', field, code: 'invalid' });

export async function openPull(world: World, repository: Repository, wanted: NewPull): Promise<PullRequest> {
  const [owner, head] = wanted.head.includes(':')
    ? (wanted.head.split(':', 2) as [string, string])
    : [repository.owner, wanted.head];
  const headSha = repository.branches.get(head);
  const baseSha = repository.branches.get(wanted.base);
  if (headSha === undefined || owner.toLowerCase() !== repository.owner.toLowerCase())
    throw validationFailed(invalid('head'));
  if (baseSha === undefined) throw validationFailed(invalid('base'));
  const isSame = (pull: PullRequest): boolean =>
    isOpen(pull) && pull.head === head && pull.base === wanted.base;
  if ([...repository.pulls.values()].some(isSame))
    throw validationFailed(custom(`A pull request already exists for ${repository.owner}:${head}.`));
  if ((await countCommits(repository.directory, baseSha, headSha)) === 0)
    throw validationFailed(custom(`No commits between ${wanted.base} and ${head}`));

  const now = world.now();
  const pull: PullRequest = {
    ...world.ids.pair('PR'),
    number: world.ids.next(`number of ${repository.nodeId}`),
    repository,
    author: wanted.author,
    title: wanted.title,
    body: wanted.body ?? '',
    state: 'open',
    isDraft: wanted.isDraft ?? false,
    base: wanted.base,
    head,
    headSha,
    merged: undefined,
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    reviews: [],
    threads: [],
    comments: [],
    unknownUntil: now,
    computed: undefined,
    queueEntry: undefined,
  };
  repository.pulls.set(pull.number, pull);
  world.nodes.set(pull.nodeId, { kind: 'pull', pull });
  await keepHead(pull, undefined);
  forgetMergeability(world, pull);
  world.emit({ name: 'pull_request', action: 'opened', repository, pull, sender: wanted.author });
  return pull;
}
