import { GraphQLError } from 'graphql';
import { isVisible, requireRead, requireWrite, type Actor } from '../access.ts';
import { setDraft } from '../pull-requests/lifecycle.ts';
import { enqueue } from '../pull-requests/merge-queue.ts';
import { newComment, settleThread } from '../pull-requests/reviews.ts';
import type { RateState } from '../rate-limit.ts';
import { iso } from '../rest/shapes.ts';
import type { PullRequest } from '../state/pull-request.ts';
import { findRenamed, findRepository, type Node, type World } from '../world.ts';
import { actorNode, commentNode, pullNode, queueEntryNode, repositoryNode, threadNode } from './nodes.ts';

const notFound = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } });

interface Input<T> {
  readonly input: T & { readonly clientMutationId?: string };
}

/** What queries and mutations begin with. */
export function rootOf(world: World, actor: Actor, rate: RateState) {
  const { login } = actor;

  /** What may not be read is not there. */
  const nodeById = (id: string): Node => {
    const missing = notFound(`Could not resolve to a node with the global id of '${id}'`);
    const node = world.nodes.get(id);
    if (node === undefined) throw missing;
    try {
      requireRead(node.kind === 'repository' ? node.repository : node.pull.repository, actor);
    } catch {
      throw missing;
    }
    return node;
  };

  const writablePull = (id: string): PullRequest => {
    const node = nodeById(id);
    if (node.kind !== 'pull')
      throw notFound(`Could not resolve to a PullRequest node with the global id of '${id}'.`);
    requireWrite(node.pull.repository, actor, 'pull_requests');
    return node.pull;
  };

  const writableThread = (id: string) => {
    const node = nodeById(id);
    if (node.kind !== 'thread')
      throw notFound(`Could not resolve to a PullRequestReviewThread node with the global id of '${id}'.`);
    requireWrite(node.pull.repository, actor, 'pull_requests');
    return node;
  };

  const nodeOf = (id: string) => {
    const node = nodeById(id);
    if (node.kind === 'repository') return repositoryNode(world, node.repository, login);
    if (node.kind === 'pull') return pullNode(world, node.pull, login);
    if (node.kind === 'thread') return threadNode(world, node.pull, node.thread, login);
    throw notFound(`Could not resolve to a node with the global id of '${id}'`);
  };

  const setDraftOf = ({ input }: Input<{ pullRequestId: string }>, isDraft: boolean) => {
    const pull = writablePull(input.pullRequestId);
    setDraft(world, pull, isDraft, login);
    return { clientMutationId: input.clientMutationId, pullRequest: pullNode(world, pull, login) };
  };

  return {
    viewer: () => actorNode(world, login),
    rateLimit: () => ({
      cost: 1,
      limit: rate.limit,
      remaining: rate.remaining,
      used: rate.used,
      nodeCount: 1,
      resetAt: iso(rate.resetAt),
    }),
    repository({
      owner,
      name,
      followRenames = true,
    }: {
      owner: string;
      name: string;
      followRenames?: boolean;
    }) {
      const renamed = followRenames ? findRenamed(world, owner, name) : undefined;
      const repository = findRepository(world, owner, name) ?? renamed;
      const missing = notFound(`Could not resolve to a Repository with the name '${owner}/${name}'.`);
      if (repository === undefined) throw missing;
      if (!isVisible(repository, actor)) throw missing;
      return repositoryNode(world, repository, login);
    },
    node: ({ id }: { id: string }) => nodeOf(id),
    // One that is not there is null in its place, and spoils no other.
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map(async (id) => nodeOf(id)),

    addComment({ input }: Input<{ subjectId: string; body: string }>) {
      const pull = writablePull(input.subjectId);
      const comment = newComment(world, pull, login, input.body);
      pull.comments.push(comment);
      const node = commentNode(world, pull, comment, 'IssueComment');
      return {
        clientMutationId: input.clientMutationId,
        subject: pullNode(world, pull, login),
        commentEdge: { cursor: comment.nodeId, node },
      };
    },
    addPullRequestReviewThreadReply({ input }: Input<{ pullRequestReviewThreadId: string; body: string }>) {
      const { pull, thread } = writableThread(input.pullRequestReviewThreadId);
      const comment = newComment(world, pull, login, input.body);
      thread.comments.push(comment);
      const node = commentNode(world, pull, comment, 'PullRequestReviewComment');
      return { clientMutationId: input.clientMutationId, comment: node };
    },
    resolveReviewThread({ input }: Input<{ threadId: string }>) {
      const { pull, thread } = writableThread(input.threadId);
      settleThread(world, pull, thread, { isResolved: true, sender: login });
      const node = threadNode(world, pull, thread, login);
      return { clientMutationId: input.clientMutationId, thread: node };
    },
    unresolveReviewThread({ input }: Input<{ threadId: string }>) {
      const { pull, thread } = writableThread(input.threadId);
      settleThread(world, pull, thread, { isResolved: false, sender: login });
      const node = threadNode(world, pull, thread, login);
      return { clientMutationId: input.clientMutationId, thread: node };
    },
    async enqueuePullRequest({ input }: Input<{ pullRequestId: string; expectedHeadOid?: string }>) {
      const pull = writablePull(input.pullRequestId);
      await enqueue(world, pull, { expectedHead: input.expectedHeadOid, by: login });
      return {
        clientMutationId: input.clientMutationId,
        mergeQueueEntry: queueEntryNode(world, pull, login),
      };
    },
    markPullRequestReadyForReview: (args: Input<{ pullRequestId: string }>) => setDraftOf(args, false),
    convertPullRequestToDraft: (args: Input<{ pullRequestId: string }>) => setDraftOf(args, true),
  };
}
