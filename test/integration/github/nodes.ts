import * as z from 'zod';
import type { PullRequestSnapshot } from '../../../core/pull-request/snapshot.ts';
import type { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { DATE, forgeOf, TOKEN } from './server.ts';

export const HEAD = 'a'.repeat(40);
export const BEFORE = 'b'.repeat(40);

/** Pull requests as GitHub's GraphQL API gives them. */
export type Node = Readonly<Record<string, unknown>>;

export const page = (nodes: readonly unknown[], hasNextPage = false) => ({
  nodes,
  pageInfo: { hasNextPage },
});

export const checkRun = (conclusion: string | null, more: Node = {}) => ({
  __typename: 'CheckRun',
  name: 'test',
  status: conclusion === null ? 'IN_PROGRESS' : 'COMPLETED',
  conclusion,
  startedAt: '2026-07-14T09:00:00Z',
  checkSuite: { workflowRun: { event: 'pull_request', workflow: { name: 'CI' } } },
  ...more,
});
export const statusContext = (state: string) => ({ __typename: 'StatusContext', context: 'deploy', state });
export const checks = (nodes: readonly unknown[], hasNextPage = false) => ({
  contexts: page(nodes, hasNextPage),
});

export const review = (state: string, oid = HEAD) => ({
  state,
  body: 'Please rename it.',
  author: { login: 'ada' },
  commit: { oid },
});

export const thread = (isResolved: boolean) => ({
  isResolved,
  path: 'src/cart.ts',
  line: 12,
  comments: {
    nodes: [
      { body: 'This is wrong for an empty cart.', author: { login: 'ada' } },
      { body: 'And for a full one.', author: { login: 'bob' } },
    ],
  },
});

/** Nothing is in its way. */
export const GREEN = {
  number: 7,
  url: 'https://github.com/acme/shop/pull/7',
  state: 'OPEN',
  isDraft: false,
  headRefOid: HEAD,
  headRefName: 'gt/one',
  baseRefName: 'main',
  mergeCommit: null,
  mergeable: 'MERGEABLE',
  mergeStateStatus: 'CLEAN',
  reviewDecision: 'APPROVED',
  latestOpinionatedReviews: page([review('APPROVED')]),
  reviewThreads: page([thread(true)]),
  statusCheckRollup: checks([checkRun('SUCCESS'), statusContext('SUCCESS')]),
} as const;

/** Each is blocked for one reason, in the words in which GitHub says it. */
export const BLOCKED: Readonly<Record<string, Node>> = {
  'a draft': { ...GREEN, isDraft: true, mergeStateStatus: 'DRAFT' },
  'a draft, as GitHub calls it now': { ...GREEN, isDraft: true, mergeStateStatus: 'BLOCKED' },
  'a conflict': { ...GREEN, mergeable: 'CONFLICTING', mergeStateStatus: 'DIRTY' },
  'behind its base': { ...GREEN, mergeStateStatus: 'BEHIND' },
  'a rule that is not named': { ...GREEN, mergeStateStatus: 'BLOCKED' },
  'not worked out yet': { ...GREEN, mergeable: 'UNKNOWN', mergeStateStatus: 'UNKNOWN' },
  'no approval yet': {
    ...GREEN,
    mergeStateStatus: 'BLOCKED',
    reviewDecision: 'REVIEW_REQUIRED',
    latestOpinionatedReviews: page([]),
  },
  'changes requested': {
    ...GREEN,
    mergeStateStatus: 'BLOCKED',
    reviewDecision: 'CHANGES_REQUESTED',
    latestOpinionatedReviews: page([review('CHANGES_REQUESTED')]),
  },
  'changes requested where no review is needed': {
    ...GREEN,
    reviewDecision: null,
    latestOpinionatedReviews: page([review('APPROVED'), review('CHANGES_REQUESTED')]),
  },
  'a failed required check': {
    ...GREEN,
    mergeStateStatus: 'BLOCKED',
    statusCheckRollup: checks([checkRun('FAILURE'), statusContext('SUCCESS')]),
  },
  'a failed check': {
    ...GREEN,
    mergeStateStatus: 'UNSTABLE',
    statusCheckRollup: checks([checkRun('SUCCESS'), checkRun('TIMED_OUT', { name: 'slow' })]),
  },
  'a failed status': {
    ...GREEN,
    mergeStateStatus: 'UNSTABLE',
    statusCheckRollup: checks([checkRun('SUCCESS'), statusContext('ERROR')]),
  },
  'a check that runs': {
    ...GREEN,
    mergeStateStatus: 'UNSTABLE',
    statusCheckRollup: checks([checkRun(null), statusContext('SUCCESS')]),
  },
  'more checks than a page': {
    ...GREEN,
    mergeStateStatus: 'UNSTABLE',
    statusCheckRollup: checks([checkRun('SUCCESS')], true),
  },
  'an unresolved thread': { ...GREEN, reviewThreads: page([thread(true), thread(false)]) },
  'more threads than a page': { ...GREEN, reviewThreads: page([thread(true)], true) },
};

const requestSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });

/** The aliases of a query's pull requests, by those of its repositories. */
export function aliases(body: unknown): [repository: string, pullRequests: string[]][] {
  const { query } = requestSchema.parse(body);
  return [...query.matchAll(/(repository\d+): repository\([^)]*\) \{([^}]*\}(?:\s*pull[^}]*\})*)/g)].map(
    ([, repository = '', fields = '']) => [
      repository,
      [...fields.matchAll(/(pullRequest\d+): pullRequest/g)].map(([, alias = '']) => alias),
    ],
  );
}

export interface GraphQlReply {
  /** For all pull requests, in order. */
  readonly nodes: readonly unknown[];
  /** A path `[n, …]` is that of the n-th pull request, and what is below. */
  readonly errors?: readonly { type?: string; message: string; path?: readonly (string | number)[] }[];
}

export function graphQlBody(asked: unknown, { nodes, errors = [] }: GraphQlReply): object {
  const places = aliases(asked).flatMap(([repository, all]) =>
    all.map((alias) => [repository, alias] as const),
  );
  const data: Record<string, Record<string, unknown>> = {};
  for (const [index, [repository, alias]] of places.entries())
    data[repository] = { ...data[repository], [alias]: nodes[index] ?? null };
  const placed = errors.map(({ path, ...error }) => {
    if (path === undefined) return error;
    const [index, ...below] = path;
    return { ...error, path: [...(places[Number(index)] ?? []), ...below] };
  });
  return { data, ...(errors.length > 0 ? { errors: placed } : {}) };
}

/** What the forge makes of nodes, in queries of many, without a network. */
export async function observed(
  nodes: readonly unknown[],
  errors?: GraphQlReply['errors'],
): Promise<readonly (PullRequestSnapshot | ForgeError)[]> {
  let from = 0;
  const forge = forgeOf({
    origin: 'http://127.0.0.1:1',
    fetch: (_url, init) => {
      const asked = JSON.parse(z.string().parse(init?.body)) as unknown;
      const count = aliases(asked).flatMap(([, all]) => all).length;
      const body = graphQlBody(asked, {
        nodes: nodes.slice(from, from + count),
        ...(errors ? { errors } : {}),
      });
      from += count;
      const headers = { date: DATE, 'content-type': 'application/json' };
      return Promise.resolve(new Response(JSON.stringify(body), { headers }));
    },
  });
  return forge.observe(
    nodes.map(() => ({ gitUrl: 'http://127.0.0.1:1/acme/shop', token: TOKEN, number: 7 })),
  );
}
