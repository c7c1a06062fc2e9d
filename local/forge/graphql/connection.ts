import { GraphQLError } from 'graphql';

export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** As GitHub: a list is never asked for whole, and at most for 100. */
const MAX_PAGE = 100;

const cursorOf = (index: number): string => Buffer.from(`cursor:${index}`).toString('base64');
const indexOf = (cursor: string): number =>
  Number(Buffer.from(cursor, 'base64').toString('utf8').slice('cursor:'.length));

function refuse(message: string, type: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** One page of a list, with where it stands in it. */
export function connection<T, N>(
  items: readonly T[],
  { first, last, after, before }: PageArguments,
  nodeOf: (item: T) => N,
) {
  const size = first ?? last;
  if (size === null || size === undefined)
    throw refuse(
      'You must provide a `first` or `last` value to properly paginate the connection.',
      'MISSING_PAGINATION_BOUNDARIES',
    );
  if (size < 0 || size > MAX_PAGE)
    throw refuse(
      `Requesting ${size} records on the connection exceeds the \`first\` limit of ${MAX_PAGE} records.`,
      'EXCESSIVE_PAGINATION',
    );
  const from = after === null || after === undefined ? 0 : indexOf(after) + 1;
  const to = before === null || before === undefined ? items.length : indexOf(before);
  const start = typeof first === 'number' ? from : Math.max(from, to - size);
  const end = typeof first === 'number' ? Math.min(to, from + size) : to;
  const page = items
    .slice(start, end)
    .map((item, at) => ({ node: nodeOf(item), cursor: cursorOf(start + at) }));
  return {
    nodes: page.map(({ node }) => node),
    edges: page,
    totalCount: items.length,
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: page.at(0)?.cursor ?? null,
      endCursor: page.at(-1)?.cursor ?? null,
    },
  };
}
