import {
  iso,
  pullShape,
  repositoryShape,
  reviewShape,
  statusShape,
  checkRunShape,
  userShape,
} from '../rest/shapes.ts';
import type { ForgeEvent } from '../state/event.ts';
import type { CheckRun } from '../state/check.ts';
import { isOpen, type PullRequest, type Thread } from '../state/pull-request.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../world.ts';

/** Deliveries never know whether it merges: it is computed after them. */
const UNKNOWN = { mergeable: null, state: 'unknown' } as const;

/** What is sent of an event, as it was when it happened. */
export function payloadOf(world: World, event: ForgeEvent, installationId: number): Record<string, unknown> {
  const common = {
    repository: repositoryShape(world, event.repository),
    sender: userShape(world, event.sender),
    installation: { id: installationId },
  };
  return { ...partOf(world, event), ...common };
}

function partOf(world: World, event: ForgeEvent): Record<string, unknown> {
  switch (event.name) {
    case 'pull_request': {
      const { action, pull, before, after, changes } = event;
      return {
        action,
        number: pull.number,
        pull_request: pullShape(world, pull, UNKNOWN),
        before,
        after,
        changes,
      };
    }
    case 'pull_request_review': {
      const { action, pull, review } = event;
      return {
        action,
        review: { ...reviewShape(world, pull, review), state: review.state.toLowerCase() },
        pull_request: pullShape(world, pull, UNKNOWN),
      };
    }
    case 'pull_request_review_thread': {
      const { action, pull, thread } = event;
      return { action, thread: threadShape(world, thread), pull_request: pullShape(world, pull, UNKNOWN) };
    }
    case 'check_run': {
      const { action, check, repository } = event;
      return {
        action,
        check_run: {
          ...checkRunShape(world, repository, check),
          pull_requests: pullsAt(world, repository, check),
        },
      };
    }
    case 'check_suite':
      return { action: event.action, check_suite: suiteShape(world, event.repository, event.check) };
    case 'status':
      return { ...statusShape(world, event.status), sha: event.status.sha };
    case 'push': {
      const { branch, before, after, isForced } = event;
      const isZero = (sha: string): boolean => /^0+$/.test(sha);
      return {
        ref: `refs/heads/${branch}`,
        before,
        after,
        forced: isForced,
        created: isZero(before),
        deleted: isZero(after),
      };
    }
    case 'installation':
      return { action: event.action };
  }
}

const threadShape = (world: World, thread: Thread): object => ({
  node_id: thread.nodeId,
  comments: thread.comments.map((comment) => ({
    id: comment.id,
    node_id: comment.nodeId,
    body: comment.body,
    path: thread.path,
    line: thread.line,
    user: userShape(world, comment.author),
    created_at: iso(comment.createdAt),
  })),
});

const isAt = (pull: PullRequest, { sha }: CheckRun): boolean => isOpen(pull) && pull.headSha === sha;

/** Open pull requests whose head was checked. */
const pullsAt = (world: World, repository: Repository, check: CheckRun): object[] =>
  [...repository.pulls.values()]
    .filter((pull) => isAt(pull, check))
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${world.urls.api}/repos/${repository.owner}/${repository.name}/pulls/${pull.number}`,
      head: { ref: pull.head, sha: pull.headSha },
      base: { ref: pull.base, sha: repository.branches.get(pull.base) },
    }));

function suiteShape(world: World, repository: Repository, check: CheckRun): object {
  const runs = (repository.checks.get(check.sha) ?? []).filter((item) => item.kind === 'checkRun');
  const isGood = runs.every(({ conclusion }) => ['success', 'neutral', 'skipped'].includes(conclusion ?? ''));
  return {
    id: check.suiteId,
    head_sha: check.sha,
    status: 'completed',
    conclusion: isGood ? 'success' : 'failure',
    pull_requests: pullsAt(world, repository, check),
  };
}
