import { schema } from '@octokit/graphql-schema';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { ENQUEUE_MUTATION, MERGE_QUEUE_QUERY } from '../../../lambdas/adapters/github/merge-queue.ts';
import { CHECKS_QUERY } from '../../../lambdas/adapters/github/check-reports.ts';
import { pullRequestsQuery } from '../../../lambdas/adapters/github/query.ts';
import {
  REPLY_MUTATION,
  RESOLVE_MUTATION,
  THREAD_QUERY,
  THREADS_QUERY,
} from '../../../lambdas/adapters/github/threads.ts';
import { aliases } from './nodes.ts';

const published = buildSchema(schema.idl, { assumeValid: true });
const problems = (query: string): string[] => validate(published, parse(query)).map(({ message }) => message);

const wanted = (count: number, repositories: number) =>
  Array.from({ length: count }, (_, index) => ({
    owner: 'acme',
    name: `shop-${index % repositories}`,
    number: index + 1,
  }));

test.each([
  [1, 1],
  [2, 1],
  [50, 1],
  [50, 7],
  [50, 50],
])(
  "the query for %i pull requests of %i repositories holds against GitHub's schema",
  (count, repositories) => {
    const { query, variables, places } = pullRequestsQuery(wanted(count, repositories));
    expect(problems(query)).toEqual([]);
    expect(places).toHaveLength(count);
    expect(new Set(places.map(({ pullRequest }) => pullRequest)).size).toBe(count);
    expect(Object.keys(variables)).toHaveLength(count + 2 * repositories);
    expect(aliases({ query, variables })).toHaveLength(repositories);
  },
);

test.each([MERGE_QUEUE_QUERY, ENQUEUE_MUTATION])(
  "what is asked of a merge queue holds against GitHub's schema",
  (text) => {
    expect(problems(text)).toEqual([]);
  },
);

test.each([THREADS_QUERY, THREAD_QUERY, REPLY_MUTATION, RESOLVE_MUTATION, CHECKS_QUERY])(
  "what agents ask of their pull request holds against GitHub's schema",
  (text) => {
    expect(problems(text)).toEqual([]);
  },
);

test('the check finds what GitHub does not have', () => {
  const { query } = pullRequestsQuery(wanted(1, 1));
  expect(problems(query.replace('mergeStateStatus', 'mergeStatus'))).toHaveLength(1);
});

test('values are variables: a name cannot change the query', () => {
  const plain = pullRequestsQuery([{ owner: 'a', name: 'b', number: 1 }]);
  const odd = pullRequestsQuery([{ owner: '"){x}', name: '} #', number: 1 }]);
  expect(odd.query).toBe(plain.query);
});

test('one repository in two spellings is asked for once', () => {
  const { places } = pullRequestsQuery([
    { owner: 'Acme', name: 'shop', number: 1 },
    { owner: 'acme', name: 'Shop', number: 2 },
  ]);
  expect(new Set(places.map(({ repository }) => repository)).size).toBe(1);
});

test('50 pull requests are within the 500,000 nodes that GitHub gives at once', () => {
  const { query } = pullRequestsQuery([{ owner: 'a', name: 'b', number: 1 }]);
  const [reviews, threads, comments, contexts] = [...query.matchAll(/first: (\d+)/g)].map(([, n]) =>
    Number(n),
  );
  const each = (reviews ?? 0) + (threads ?? 0) * (1 + (comments ?? 0)) + (contexts ?? 0);
  expect(50 * each).toBeLessThan(500_000);
});
