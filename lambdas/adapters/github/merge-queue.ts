import * as z from 'zod';
import type { MergeDeps, PinnedHead } from './merge.ts';
import { fullName } from './repository.ts';

/** Whether the base branch is merged by a queue, which nothing of REST says. */
export const MERGE_QUEUE_QUERY = `query MergeQueue($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { id isMergeQueueEnabled isInMergeQueue }
  }
}`;

/** The queue takes this head and no other. */
export const ENQUEUE_MUTATION = `mutation Enqueue($id: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) {
    mergeQueueEntry { id }
  }
}`;

const standingSchema = z.object({
  repository: z.object({
    pullRequest: z.object({ id: z.string(), isMergeQueueEnabled: z.boolean(), isInMergeQueue: z.boolean() }),
  }),
});
const enqueuedSchema = z.object({
  enqueuePullRequest: z.object({ mergeQueueEntry: z.object({ id: z.string() }) }),
});

/**
 * Puts a pull request into the merge queue of its base branch. False: there is none, or the queue does not take it.
 * @throws ForgeError it may be in the queue all the same
 */
export async function isEnqueued(
  { client, repository, token }: MergeDeps,
  { number, headSha }: PinnedHead,
): Promise<boolean> {
  const { owner, name } = repository;
  const asked = { token, repository: fullName(repository) };
  const variables = { owner, name, number };
  const { data } = await client.graphql({ ...asked, query: MERGE_QUEUE_QUERY, variables });
  const standing = standingSchema.safeParse(data).data?.repository.pullRequest;
  if (standing?.isMergeQueueEnabled !== true) return false;
  if (standing.isInMergeQueue) return true;
  const enqueue = { query: ENQUEUE_MUTATION, variables: { id: standing.id, head: headSha } };
  return enqueuedSchema.safeParse((await client.graphql({ ...asked, ...enqueue })).data).success;
}
