import * as z from 'zod';

/**
 * What is believed of a pull request in a GraphQL answer. Without the fields of the first group there is nothing to say about it, and it is
 * refused. Any other part that is absent or of another shape is undefined: not answered. Null is an answer where GitHub means one by it
 * (no checks, no review decision).
 */

/** A word of an enumeration of GitHub's; new ones are no error. */
const word = z.string().optional().catch(undefined);
const text = z.string().nullish().catch(undefined);
const author = z.object({ login: z.string() }).nullish().catch(undefined);

/** A page of a list; undefined in place of an element that could not be read. */
const page = <T extends z.ZodType>(element: T) =>
  z.object({
    nodes: z.array(element.optional().catch(undefined)),
    /** Absent: not answered, and then it may have more. */
    pageInfo: z.object({ hasNextPage: z.boolean() }).optional().catch(undefined),
  });

const reviewSchema = z.object({
  state: z.string(),
  body: text,
  author,
  commit: z.object({ oid: z.string() }).nullish().catch(undefined),
});
export type ReviewNode = z.infer<typeof reviewSchema>;

const threadSchema = z.object({
  isResolved: z.boolean(),
  path: text,
  line: z.number().nullish().catch(undefined),
  comments: z
    .object({
      nodes: z.array(z.object({ body: text, author }).optional().catch(undefined)),
    })
    .optional()
    .catch(undefined),
});
export type ThreadNode = z.infer<typeof threadSchema>;

const checkRunSchema = z.object({
  __typename: z.literal('CheckRun'),
  name: z.string(),
  status: word,
  /** Null while it runs. */
  conclusion: z.string().nullish().catch(undefined),
  /** Null before it runs. */
  startedAt: text,
  checkSuite: z
    .object({
      workflowRun: z.object({ event: z.string(), workflow: z.object({ name: z.string() }) }).nullable(),
    })
    .optional()
    .catch(undefined),
});
export type CheckRunNode = z.infer<typeof checkRunSchema>;

const checkSchema = z.discriminatedUnion('__typename', [
  checkRunSchema,
  z.object({ __typename: z.literal('StatusContext'), context: z.string(), state: word }),
]);
export type CheckNode = z.infer<typeof checkSchema>;

export interface Page<T> {
  readonly nodes: readonly (T | undefined)[];
  readonly pageInfo?: { readonly hasNextPage: boolean } | undefined;
}

/** Has all of the list been read? */
export const isWhole = ({ nodes, pageInfo }: Page<unknown>): boolean =>
  pageInfo?.hasNextPage === false && !nodes.includes(undefined);

export const pullRequestSchema = z.object({
  number: z.number().int().positive(),
  url: z.url({ protocol: /^https?$/ }),
  state: z.enum(['OPEN', 'MERGED', 'CLOSED']),
  isDraft: z.boolean(),
  headRefOid: z.string().regex(/^[0-9a-f]{40,64}$/),
  headRefName: z.string().min(1),
  baseRefName: z.string().min(1),

  mergeCommit: z.object({ oid: z.string() }).nullish().catch(undefined),
  mergeable: word,
  mergeStateStatus: word,
  reviewDecision: z.string().nullish().catch(undefined),
  isInMergeQueue: z.boolean().optional().catch(undefined),
  latestOpinionatedReviews: page(reviewSchema).optional().catch(undefined),
  reviewThreads: page(threadSchema).optional().catch(undefined),
  statusCheckRollup: z
    .object({ contexts: page(checkSchema) })
    .nullish()
    .catch(undefined),
});
export type PullRequestNode = z.infer<typeof pullRequestSchema>;
