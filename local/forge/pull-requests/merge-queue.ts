import { Refusal } from '../refusal.ts';
import { isOpen, type PullRequest, type QueueEntry } from '../state/pull-request.ts';
import type { World } from '../world.ts';
import { allowedMethods, mergePull } from './merge.ts';
import { computeMergeability } from './mergeability.ts';
import { BEHIND, isTooFarBehind, ruleRefusals } from './merge-refusals.ts';
import { dequeue } from './moved-refs.ts';
import { rulesOf } from './reviews.ts';

/** Who the queue merges as. */
const QUEUE_LOGIN = 'github-merge-queue[bot]';

/** Entries of the queue of a branch, first come first. */
export const queueOf = (pull: PullRequest): PullRequest[] =>
  [...pull.repository.pulls.values()]
    .filter((other) => other.base === pull.base && other.queueEntry !== undefined)
    .sort((a, b) => (a.queueEntry?.enqueuedAt ?? 0) - (b.queueEntry?.enqueuedAt ?? 0) || a.number - b.number);

/** Puts a pull request into the queue, which merges it after a while. @throws Refusal */
export async function enqueue(
  world: World,
  pull: PullRequest,
  { expectedHead, by }: { expectedHead?: string | undefined; by: string },
): Promise<QueueEntry> {
  if (!rulesOf(pull).requiresMergeQueue)
    throw new Refusal(422, 'The base branch does not have a merge queue.');
  if (pull.queueEntry !== undefined) throw new Refusal(422, 'Pull request is already in the queue');
  if (expectedHead !== undefined && expectedHead !== pull.headSha)
    throw new Refusal(422, 'Head branch was modified. Review and try the merge again.');
  const computed = await computeMergeability(pull);
  if (!isOpen(pull) || pull.isDraft || computed?.isClean !== true)
    throw new Refusal(422, 'Pull request is not mergeable');
  const [first] = ruleRefusals(pull);
  if (first !== undefined) throw new Refusal(422, first);
  if (isTooFarBehind(pull, computed)) throw new Refusal(422, BEHIND);

  const entry: QueueEntry = {
    nodeId: world.ids.pair('MQE').nodeId,
    enqueuedBy: by,
    enqueuedAt: world.now(),
  };
  pull.queueEntry = entry;
  world.emit({ name: 'pull_request', action: 'enqueued', repository: pull.repository, pull, sender: by });
  world.schedule.in(world.settings.mergeQueueMs, () => mergeFromQueue(world, pull, entry));
  return entry;
}

/** What cannot be merged any more leaves the queue, as at GitHub. */
async function mergeFromQueue(world: World, pull: PullRequest, entry: QueueEntry): Promise<void> {
  if (pull.queueEntry !== entry) return;
  const [method = 'merge'] = allowedMethods(pull);
  try {
    await mergePull(world, pull, { method, sha: pull.headSha, by: QUEUE_LOGIN, isQueue: true });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    dequeue(world, pull, QUEUE_LOGIN);
  }
}
