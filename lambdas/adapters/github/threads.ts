import * as z from 'zod';
import type { ForgeConversation, PullRequestName, ReviewThread } from '../../../core/forge-conversation.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { GitHubClient } from './client.ts';
import { notUnderstood, sayable } from './failure.ts';
import { isMarked, marked } from './marker.ts';
import { fullName, type RepositoryName } from './repository.ts';

export interface ConversationDeps {
  readonly client: GitHubClient;
  readonly repository: RepositoryName;
  readonly token: string;
}

const MAX_PAGES = 5;
/** GitHub's own name for a user that was deleted. */
const NOBODY = 'ghost';

export const THREADS_QUERY = `query Threads($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes {
          id
          isResolved
          isOutdated
          path
          line
          originalLine
          comments(last: 50) { nodes { body createdAt author { __typename login } } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

/** The last ones: a repeated reply follows the first within minutes. */
export const THREAD_QUERY = `query Thread($id: ID!) {
  node(id: $id) {
    ... on PullRequestReviewThread {
      id
      isResolved
      pullRequest { number repository { nameWithOwner } }
      comments(last: 100) { nodes { body } }
    }
  }
}`;

export const REPLY_MUTATION = `mutation Reply($threadId: ID!, $body: String!) {
  addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $threadId, body: $body }) { comment { id } }
}`;

export const RESOLVE_MUTATION = `mutation Resolve($threadId: ID!) {
  resolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } }
}`;

const author = z.object({ __typename: z.string(), login: z.string() }).nullable();

const pageSchema = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        nodes: z.array(
          z.object({
            id: z.string(),
            isResolved: z.boolean(),
            isOutdated: z.boolean(),
            path: z.string().nullish(),
            line: z.number().nullish(),
            originalLine: z.number().nullish(),
            comments: z.object({
              nodes: z.array(z.object({ body: z.string(), createdAt: z.string(), author })),
            }),
          }),
        ),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      }),
    }),
  }),
});

const threadSchema = z.object({
  node: z.object({
    id: z.string(),
    isResolved: z.boolean(),
    pullRequest: z.object({ number: z.number(), repository: z.object({ nameWithOwner: z.string() }) }),
    comments: z.object({ nodes: z.array(z.object({ body: z.string() })) }),
  }),
});

/**
 * Asks, and believes an answer that is whole.
 * @throws ForgeError `graphql_partial` for anything else
 */
export async function askWhole<T>(
  { client, repository, token }: ConversationDeps,
  schema: z.ZodType<T>,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> {
  const about = fullName(repository);
  const { data, errors } = await client.graphql({ token, repository: about, query, variables });
  const [error] = errors;
  if (error?.type === 'NOT_FOUND')
    throw new ForgeError(
      'not_found',
      `GitHub has no such thing in ${about} (${sayable(error.message, token)}).`,
    );
  if (error?.type === 'FORBIDDEN')
    throw new ForgeError(
      'forbidden',
      `GitHub forbids that to the town in ${about} (${sayable(error.message, token)}): its token needs to write pull requests.`,
    );
  const read = schema.safeParse(data);
  if (error !== undefined)
    throw new ForgeError(
      'graphql_partial',
      `GitHub did not answer all that was asked of ${about} (${sayable(error.message, token)}). Ask again.`,
    );
  if (!read.success) throw notUnderstood(`it was asked about a pull request of ${about}`);
  return read.data;
}

export async function readThreads(
  deps: ConversationDeps,
  { number }: PullRequestName,
): Promise<Awaited<ReturnType<ForgeConversation['threads']>>> {
  const { owner, name } = deps.repository;
  const items: ReviewThread[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: z.infer<typeof pageSchema> = await askWhole(deps, pageSchema, THREADS_QUERY, {
      owner,
      name,
      number,
      after,
    });
    const { nodes, pageInfo } = answer.repository.pullRequest.reviewThreads;
    items.push(...nodes.map(threadOf));
    after = pageInfo.endCursor ?? null;
    if (!pageInfo.hasNextPage || after === null) return { items, isWhole: !pageInfo.hasNextPage };
  }
  return { items, isWhole: false };
}

type ThreadNode = z.infer<typeof pageSchema>['repository']['pullRequest']['reviewThreads']['nodes'][number];

const threadOf = ({
  id,
  isResolved,
  isOutdated,
  path,
  line,
  originalLine,
  comments,
}: ThreadNode): ReviewThread => ({
  id,
  isResolved,
  isOutdated,
  path: path ?? undefined,
  // Of one that is outdated GitHub knows the line of then only.
  line: line ?? originalLine ?? undefined,
  comments: comments.nodes.map(({ body, createdAt, author: who }) => ({
    author: who?.login ?? NOBODY,
    isBot: who?.__typename === 'Bot',
    at: createdAt,
    body,
  })),
});

/** @throws ForgeError `refused` when it is not a thread of the pull request: ids are an agent's word */
async function threadWithin(deps: ConversationDeps, { number }: PullRequestName, id: string) {
  const no = (): ForgeError =>
    new ForgeError(
      'refused',
      `That is no thread of pull request ${number}: list its threads, and take an id from there.`,
    );
  const { node } = await askWhole(deps, threadSchema, THREAD_QUERY, { id }).catch((error: unknown) => {
    const isUnknown =
      error instanceof ForgeError && (error.kind === 'not_found' || error.kind === 'invalid_response');
    throw isUnknown ? no() : error;
  });
  const { pullRequest } = node;
  const isThere =
    pullRequest.number === number &&
    pullRequest.repository.nameWithOwner.toLowerCase() === fullName(deps.repository).toLowerCase();
  if (!isThere) throw no();
  return node;
}

const repliedSchema = z.object({
  addPullRequestReviewThreadReply: z.object({ comment: z.object({ id: z.string() }) }),
});

export async function replyInThread(
  deps: ConversationDeps,
  pullRequest: PullRequestName,
  { threadId, body, key }: Parameters<ForgeConversation['reply']>[2],
): Promise<void> {
  const { comments } = await threadWithin(deps, pullRequest, threadId);
  if (comments.nodes.some((comment) => isMarked(comment.body, key))) return;
  await askWhole(deps, repliedSchema, REPLY_MUTATION, { threadId, body: marked(body, key) });
}

const resolvedSchema = z.object({
  resolveReviewThread: z.object({ thread: z.object({ isResolved: z.literal(true) }) }),
});

export async function resolveThread(
  deps: ConversationDeps,
  pullRequest: PullRequestName,
  { threadId }: Parameters<ForgeConversation['resolve']>[2],
): Promise<void> {
  const { isResolved } = await threadWithin(deps, pullRequest, threadId);
  if (!isResolved) await askWhole(deps, resolvedSchema, RESOLVE_MUTATION, { threadId });
}
