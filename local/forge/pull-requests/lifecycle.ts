import { validationFailed, type Refusal } from '../refusal.ts';
import { countCommits } from '../git/repository.ts';
import { isOpen, type PullRequest } from '../state/pull-request.ts';
import type { World } from '../world.ts';
import { forgetMergeability } from './mergeability.ts';

/** @param merged absent: closed without a merge */
export function closePull(
  world: World,
  pull: PullRequest,
  sender: string,
  merged?: PullRequest['merged'],
): void {
  if (!isOpen(pull)) return;
  Object.assign(pull, { state: 'closed', merged, closedAt: world.now(), updatedAt: world.now() });
  pull.queueEntry = undefined;
  world.emit({ name: 'pull_request', action: 'closed', repository: pull.repository, pull, sender });
}

export function reopenPull(world: World, pull: PullRequest, sender: string): void {
  if (isOpen(pull)) return;
  const cannot = (message: string): Refusal =>
    validationFailed({ resource: 'PullRequest', code: 'custom', field: 'state', message });
  if (pull.merged !== undefined)
    throw cannot('state cannot be changed. The pull request cannot be reopened.');
  const headSha = pull.repository.branches.get(pull.head);
  if (headSha === undefined)
    throw cannot(`state cannot be changed. The ${pull.head} branch has been deleted.`);
  // GitHub refuses it too: the pull request would be about other commits than it was.
  if (headSha !== pull.headSha)
    throw cannot(`state cannot be changed. The ${pull.head} branch was force-pushed or recreated.`);
  Object.assign(pull, { state: 'open', closedAt: undefined, updatedAt: world.now() });
  forgetMergeability(world, pull);
  world.emit({ name: 'pull_request', action: 'reopened', repository: pull.repository, pull, sender });
}

export function setDraft(world: World, pull: PullRequest, isDraft: boolean, sender: string): void {
  if (pull.isDraft === isDraft) return;
  pull.isDraft = isDraft;
  pull.updatedAt = world.now();
  const action = isDraft ? 'converted_to_draft' : 'ready_for_review';
  world.emit({ name: 'pull_request', action, repository: pull.repository, pull, sender });
}

export interface Edit {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly base?: string | undefined;
}

/** New title, body or base branch. */
export async function editPull(world: World, pull: PullRequest, edit: Edit, sender: string): Promise<void> {
  const changes: Record<string, unknown> = {};
  if (edit.base !== undefined && edit.base !== pull.base) {
    const { repository } = pull;
    const sha = repository.branches.get(edit.base);
    const invalid = { resource: 'PullRequest', field: 'base', code: 'invalid' };
    if (!isOpen(pull) || sha === undefined) throw validationFailed(invalid);
    if ((await countCommits(repository.directory, sha, pull.headSha)) === 0) {
      const message = `There are no new commits between base branch '${edit.base}' and head branch '${pull.head}'`;
      throw validationFailed({ ...invalid, message });
    }
    changes['base'] = { ref: { from: pull.base }, sha: { from: repository.branches.get(pull.base) } };
    pull.base = edit.base;
    forgetMergeability(world, pull);
  }
  for (const field of ['title', 'body'] as const) {
    const text = edit[field];
    if (text === undefined || text === pull[field]) continue;
    changes[field] = { from: pull[field] };
    pull[field] = text;
  }
  if (Object.keys(changes).length === 0) return;
  pull.updatedAt = world.now();
  world.emit({ name: 'pull_request', action: 'edited', repository: pull.repository, pull, changes, sender });
}
