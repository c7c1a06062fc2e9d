import * as z from 'zod';
import { expect, test } from 'vitest';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { aliases, graphQlBody, GREEN, HEAD, type GraphQlReply } from './nodes.ts';
import { DATE, forgeOf, startGitHub, TOKEN, type Received, type Reply } from './server.ts';

const variablesOf = ({ body }: Received): Record<string, unknown> =>
  z.object({ variables: z.record(z.string(), z.unknown()) }).parse(body).variables;

/** The numbers that a query asks for. */
const numbersOf = (request: Received): number[] =>
  Object.entries(variablesOf(request))
    .filter(([key]) => key.startsWith('number'))
    .map(([, number]) => Number(number));

/** Answers each with a node of its number. */
const answerAll = (request: Received): Reply => {
  // By repository, then in order, as the aliases are.
  const order = aliases(request.body).flatMap(([, all]) =>
    all.map((alias) => alias.replace('pullRequest', 'number')),
  );
  const variables = variablesOf(request);
  return {
    body: graphQlBody(request.body, {
      nodes: order.map((key) => ({ ...GREEN, number: Number(variables[key]) })),
    }),
  };
};

const numbers = (answers: readonly unknown[]): unknown[] =>
  answers.map((answer) =>
    answer instanceof ForgeError ? answer.kind : (answer as { number: number }).number,
  );

test('many pull requests of many repositories are one call, and the answers are in order', async () => {
  await using github = await startGitHub(answerAll);
  const wanted = Array.from({ length: 50 }, (_, index) => ({
    ...github.repository(`acme/shop-${index % 7}`),
    number: index + 1,
  }));
  const answers = await github.forge.observe(wanted);
  expect(numbers(answers)).toEqual(wanted.map(({ number }) => number));
  expect(answers[0]).toMatchObject({ headSha: HEAD, at: Date.parse(DATE) });
  expect(github.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/graphql']);
  expect(github.received[0]?.headers['authorization']).toBe(`Bearer ${TOKEN}`);
});

test('51 are two calls, and each token has its own', async () => {
  await using github = await startGitHub(answerAll);
  const wanted = Array.from({ length: 52 }, (_, index) => ({
    ...github.repository(),
    token: index === 20 ? 'ghp_another' : TOKEN,
    number: index + 1,
  }));
  expect(numbers(await github.forge.observe(wanted))).toEqual(wanted.map(({ number }) => number));
  const sizes = github.received.map(
    (request) => `${String(request.headers['authorization'])}: ${numbersOf(request).length}`,
  );
  expect(sizes).toHaveLength(3);
  expect(new Set(sizes)).toEqual(
    new Set([`Bearer ${TOKEN}: 50`, `Bearer ${TOKEN}: 1`, 'Bearer ghp_another: 1']),
  );
});

test('none are no call', async () => {
  await using github = await startGitHub(answerAll);
  expect(await github.forge.observe([])).toEqual([]);
  expect(github.received).toEqual([]);
});

test('what is no repository of this GitHub does not keep the others from being asked', async () => {
  await using github = await startGitHub(answerAll);
  const answers = await github.forge.observe([
    { gitUrl: 'https://gitlab.com/acme/shop', token: TOKEN, number: 1 },
    { ...github.repository(), number: 2 },
    { gitUrl: 'nonsense', token: TOKEN, number: 3 },
    { ...github.repository(), token: '', number: 4 },
  ]);
  expect(numbers(answers)).toEqual(['host_mismatch', 2, 'unrecognized_url', 'no_token']);
});

/** Three pull requests, the second of which is what the reply says. */
async function second(node: unknown, errors: GraphQlReply['errors']) {
  await using github = await startGitHub(({ body }) => ({
    body: graphQlBody(body, { nodes: [GREEN, node, GREEN], ...(errors ? { errors } : {}) }),
  }));
  const wanted = [7, 7, 7].map((number) => ({ ...github.repository(), number }));
  // The server lives until then.
  return await github.forge.observe(wanted);
}

test.each<[string, unknown, GraphQlReply['errors'], string]>([
  [
    'is not there',
    null,
    [{ type: 'NOT_FOUND', message: 'Could not resolve to a PullRequest with the number of 7.', path: [1] }],
    'not_found',
  ],
  [
    'may not be read',
    null,
    [{ type: 'FORBIDDEN', message: 'Resource not accessible by personal access token', path: [1] }],
    'forbidden',
  ],
  ['failed', null, [{ message: 'Something went wrong', path: [1, 'reviewThreads'] }], 'graphql_partial'],
  ['is null for no reason', null, undefined, 'graphql_partial'],
  ['is no pull request', 7, undefined, 'invalid_response'],
  ['has no head', { ...GREEN, headRefOid: undefined }, undefined, 'invalid_response'],
  [
    'has no head for an error',
    { ...GREEN, headRefOid: null },
    [{ message: 'no', path: [1, 'headRefOid'] }],
    'graphql_partial',
  ],
  ['has an odd address', { ...GREEN, url: 'javascript:alert(1)' }, undefined, 'invalid_response'],
])('one that %s is a failure, and the others are read', async (_, node, errors, kind) => {
  expect(numbers(await second(node, errors))).toEqual([7, kind, 7]);
});

test('a repository that is not shown is one for all of its pull requests, and for no other', async () => {
  await using github = await startGitHub(({ body }) => {
    const [gone = '', there = ''] = aliases(body).map(([alias]) => alias);
    const [alias = ''] = aliases(body)[1]?.[1] ?? [];
    return {
      body: {
        data: { [gone]: null, [there]: { [alias]: GREEN } },
        errors: [
          {
            type: 'NOT_FOUND',
            path: [gone],
            message: "Could not resolve to a Repository with the name 'acme/gone'.",
          },
        ],
      },
    };
  });
  const answers = await github.forge.observe([
    { ...github.repository('acme/gone'), number: 1 },
    { ...github.repository(), number: 7 },
    { ...github.repository('acme/gone'), number: 2 },
  ]);
  expect(numbers(answers)).toEqual(['not_found', 7, 'not_found']);
  expect((answers[0] as ForgeError).userMessage).toContain('acme/gone#1');
});

test('a part of one that failed says nothing about another of the same repository', async () => {
  const none = { ...GREEN, statusCheckRollup: null };
  await using github = await startGitHub(({ body }) => ({
    body: graphQlBody(body, {
      nodes: [none, none],
      errors: [{ type: 'FORBIDDEN', message: 'no', path: [1, 'statusCheckRollup'] }],
    }),
  }));
  const answers = await github.forge.observe([1, 2].map((number) => ({ ...github.repository(), number })));
  expect(answers).toMatchObject([{ checks: { items: [], isComplete: true } }, { checks: undefined }]);
});

test('an error without a place makes no answer of any', async () => {
  expect(numbers(await second(GREEN, [{ message: 'Something went wrong' }]))).toEqual([
    'graphql_partial',
    'graphql_partial',
    'graphql_partial',
  ]);
});

test('what was answered in part is logged, with the reason', async () => {
  const lines: unknown[] = [];
  await using github = await startGitHub(({ body }) => ({
    body: graphQlBody(body, {
      nodes: [{ ...GREEN, statusCheckRollup: null }],
      errors: [{ type: 'FORBIDDEN', message: `no for ${TOKEN}`, path: [0, 'statusCheckRollup'] }],
    }),
  }));
  const telemetry = { count: () => {}, log: (...line: unknown[]) => void lines.push(line) };
  const forge = forgeOf({ origin: github.origin, telemetry });
  const [answer] = await forge.observe([{ ...github.repository(), number: 7 }]);
  expect(answer).toHaveProperty('checks', undefined);
  const fields = { repository: 'acme/shop', pullRequest: 7, path: 'statusCheckRollup', type: 'FORBIDDEN' };
  expect(lines).toEqual([['warn', 'GitHub answered in part', { ...fields, error: 'no for …' }]]);
});

test('a query that is too much is asked again once in halves', async () => {
  await using github = await startGitHub((request) =>
    numbersOf(request).length > 3 ? { status: 502 } : answerAll(request),
  );
  const wanted = [1, 2, 3, 4, 5].map((number) => ({ ...github.repository(), number }));
  expect(numbers(await github.forge.observe(wanted))).toEqual([1, 2, 3, 4, 5]);
  expect(github.received.map((request) => numbersOf(request).length)).toEqual([5, 3, 2]);
});

test('a GitHub that fails altogether is asked three times and no more', async () => {
  await using github = await startGitHub(() => ({ status: 502 }));
  const wanted = Array.from({ length: 50 }, (_, index) => ({ ...github.repository(), number: index + 1 }));
  expect(new Set(numbers(await github.forge.observe(wanted)))).toEqual(new Set(['http_error']));
  expect(github.received).toHaveLength(3);
});

test.each([401, 403, 404, 429])('status %i is not asked again', async (status) => {
  await using github = await startGitHub(() => ({ status }));
  await github.forge.observe([1, 2].map((number) => ({ ...github.repository(), number })));
  expect(github.received).toHaveLength(1);
});
