import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { FailureKind } from '../../../core/pull-request/failure.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { Forge } from '../../../core/ports.ts';
import { forgeOf, NOW, startGitHub, TOKEN, type GitHubServer, type Reply } from './server.ts';

const RESET = Math.floor(NOW / 1000) + 1200;
const SPENT = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${RESET}` };
const LEFT = {
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': '4711',
  'x-ratelimit-reset': `${RESET}`,
};
const SECONDARY = {
  message:
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
  documentation_url:
    'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
};

interface Row {
  readonly name: string;
  readonly reply: Reply;
  readonly kind: FailureKind;
  readonly until?: number;
  /** Words that the message has to have. */
  readonly says?: readonly string[];
}

/** Of both APIs. */
const ROWS: readonly Row[] = [
  {
    name: '401',
    reply: { status: 401, headers: LEFT, body: { message: 'Bad credentials' } },
    kind: 'unauthorized',
    says: ['Bad credentials', 'gitAuth.githubToken'],
  },
  {
    name: '403, a permission',
    reply: {
      status: 403,
      headers: { ...LEFT, 'x-accepted-github-permissions': 'pull_requests=write' },
      body: { message: 'Resource not accessible by personal access token' },
    },
    kind: 'forbidden',
    says: ['Resource not accessible by personal access token', 'pull_requests=write', 'acme/shop'],
  },
  {
    name: '403, a permission that is not named',
    reply: { status: 403, body: { message: 'Resource not accessible by integration' } },
    kind: 'forbidden',
    says: ['pull requests and contents: read and write'],
  },
  {
    name: '403, single sign-on',
    reply: {
      status: 403,
      headers: { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=A1' },
      body: { message: 'Resource protected by organization SAML enforcement.' },
    },
    kind: 'forbidden',
    says: ['https://github.com/orgs/acme/sso?authorization_request=A1'],
  },
  {
    name: '403, the limit of the hour',
    reply: { status: 403, headers: SPENT, body: { message: 'API rate limit exceeded for user ID 1.' } },
    kind: 'rate_limited',
    until: RESET * 1000,
    says: [new Date(RESET * 1000).toISOString()],
  },
  {
    name: '403, a secondary limit with a header',
    reply: { status: 403, headers: { ...LEFT, 'retry-after': '60' }, body: SECONDARY },
    kind: 'rate_limited',
    until: NOW + 60_000,
  },
  {
    name: '403, a secondary limit without one',
    reply: { status: 403, headers: LEFT, body: SECONDARY },
    kind: 'rate_limited',
  },
  {
    name: '403, a secondary limit known by its documentation',
    reply: { status: 403, body: { ...SECONDARY, message: 'Slow down' } },
    kind: 'rate_limited',
  },
  { name: '429', reply: { status: 429, headers: LEFT, body: {} }, kind: 'rate_limited' },
  {
    name: '429, with a date to wait for',
    reply: { status: 429, headers: { 'retry-after': 'Tue, 14 Jul 2026 10:02:00 GMT' }, body: SECONDARY },
    kind: 'rate_limited',
    until: Date.parse('2026-07-14T10:02:00Z'),
  },
  {
    name: '429, a wait longer than any limit of GitHub',
    reply: { status: 429, headers: { 'retry-after': '99999999999' } },
    kind: 'rate_limited',
    until: NOW + 3_600_000,
  },
  {
    name: '429, a reset that is over',
    reply: { status: 429, headers: { ...SPENT, 'x-ratelimit-reset': '1' } },
    kind: 'rate_limited',
    until: NOW,
  },
  {
    name: '429, headers without sense',
    reply: { status: 429, headers: { 'retry-after': 'soon', 'x-ratelimit-reset': 'x' } },
    kind: 'rate_limited',
  },
  {
    name: '404',
    reply: { status: 404, headers: LEFT, body: { message: 'Not Found' } },
    kind: 'not_found',
    says: ['acme/shop', 'git URL'],
  },
  { name: '410', reply: { status: 410, body: { message: 'Gone' } }, kind: 'not_found' },
  {
    name: '451',
    reply: { status: 451, body: { message: 'Repository access blocked' } },
    kind: 'forbidden',
    says: ['legal'],
  },
  { name: '400', reply: { status: 400, body: { message: 'Problems parsing JSON' } }, kind: 'refused' },
  { name: '408', reply: { status: 408, body: '' }, kind: 'http_error' },
  {
    name: '500',
    reply: { status: 500, body: { message: 'Server Error' } },
    kind: 'http_error',
    says: ['Server Error'],
  },
  {
    name: '502, a page',
    reply: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Unicorn!</html>' },
    kind: 'http_error',
  },
  { name: '503, not JSON', reply: { status: 503, body: '{' }, kind: 'http_error' },
  { name: '504, nothing', reply: { status: 504, body: '' }, kind: 'http_error' },
  {
    name: '302, to nowhere',
    reply: { status: 302, body: { message: 'Moved' } },
    kind: 'not_found',
    says: ['moved'],
  },
  { name: '200, not JSON', reply: { body: '<html>' }, kind: 'invalid_response', says: ['GITHUB_API_URL'] },
  { name: '200, cut JSON', reply: { body: '{"data": {' }, kind: 'invalid_response' },
  { name: '200, null', reply: { body: 'null' }, kind: 'invalid_response' },
  { name: '200, a list of nothing', reply: { body: '[null]' }, kind: 'invalid_response' },
  {
    name: '200, a page',
    reply: { headers: { 'content-type': 'text/html' }, body: '<html>' },
    kind: 'invalid_response',
  },
  {
    name: '200, too much',
    reply: { body: 'x'.repeat(16 * 1024 * 1024 + 1) },
    kind: 'invalid_response',
    says: ['too large'],
  },
  { name: 'no answer', reply: { isLost: 'before' }, kind: 'http_error', says: ['reached'] },
  { name: 'half an answer', reply: { body: { a: 1 }, isLost: 'within' }, kind: 'http_error' },
];

const observeOne = async ({ forge, repository }: Pick<GitHubServer, 'forge' | 'repository'>) => {
  const [answer] = await forge.observe([{ ...repository(), number: 7 }]);
  return answer;
};

/** What a promise is rejected with. */
const failureOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (error: unknown) => error,
  );

const OPERATIONS: readonly (readonly [string, (github: GitHubServer) => Promise<unknown>])[] = [
  ['observe', observeOne],
  [
    'open',
    ({ forge, repository }) =>
      failureOf(forge.open(repository(), { branch: 'gt/one', target: 'main', title: 't', body: 'b' })),
  ],
  [
    'merge',
    ({ forge, repository }) => failureOf(forge.merge(repository(), { number: 7, headSha: 'a'.repeat(40) })),
  ],
];

const TABLE = OPERATIONS.flatMap(([operation, run]) =>
  ROWS.map((row) => [`${operation}: ${row.name}`, row, run] as const),
);

test.each(TABLE)('%s', async (_, { reply, kind, until, says = [] }, run) => {
  await using github = await startGitHub(() => reply);
  const error = await run(github);
  if (!(error instanceof ForgeError)) throw new Error(`no ForgeError: ${inspect(error)}`);
  expect({ kind: error.kind, until: error.until, message: error.userMessage }).toMatchObject({ kind, until });
  for (const words of says) expect(error.userMessage).toContain(words);
  expect(error.userMessage).toContain('GitHub');
  expect(error.userMessage.length).toBeLessThanOrEqual(500);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
});

test('every member of the family of failures is reached', () => {
  const reached = new Set<string>(ROWS.map(({ kind }) => kind));
  // These have tests of their own.
  for (const kind of ['no_token', 'unrecognized_url', 'host_mismatch', 'graphql_partial']) reached.add(kind);
  expect(reached.size).toBe(11);
});

test('a token that GitHub quotes is not said to anybody', async () => {
  const body = { message: `no such token: ${TOKEN}`, errors: [{ message: TOKEN }] };
  await using github = await startGitHub(() => ({ status: 401, body }));
  const error = await observeOne(github);
  expect(inspect(error, { depth: 10 })).toContain('no such token: …');
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
});

test.each([
  ['', 'no_token'],
  ['ghp_secret\n', 'unauthorized'],
  ['ghp_secret ghp_more', 'unauthorized'],
  ['ghp_sécret', 'unauthorized'],
])('the token %j is not sent', async (token, kind) => {
  await using github = await startGitHub(() => ({}));
  const [error] = await github.forge.observe([{ ...github.repository(), token, number: 7 }]);
  expect(error).toMatchObject({ kind });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('ghp_');
  expect(github.received).toEqual([]);
});

test('an answer that does not come is over in time', async () => {
  let signal: AbortSignal | undefined;
  const fetch: typeof globalThis.fetch = (_url, init) => {
    signal = init?.signal ?? undefined;
    return Promise.reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  };
  const forge = forgeOf({ origin: 'http://127.0.0.1:1', fetch });
  const [error] = await forge.observe([{ gitUrl: 'http://127.0.0.1:1/a/b', token: TOKEN, number: 7 }]);
  expect(error).toMatchObject({
    kind: 'http_error',
    userMessage: expect.stringContaining('in time') as string,
  });
  expect(signal).toBeInstanceOf(AbortSignal);
});

test('an answer without a date cannot be put in order', async () => {
  const fetch: typeof globalThis.fetch = () =>
    Promise.resolve(new Response('{"data":{}}', { headers: { 'content-type': 'application/json' } }));
  const forge = forgeOf({ origin: 'http://127.0.0.1:1', fetch });
  const [error] = await forge.observe([{ gitUrl: 'http://127.0.0.1:1/a/b', token: TOKEN, number: 7 }]);
  expect(error).toMatchObject({
    kind: 'invalid_response',
    userMessage: expect.stringContaining('Date') as string,
  });
});

test('failures are counted by kind', async () => {
  const counted: string[] = [];
  await using github = await startGitHub(() => ({ status: 502 }));
  const telemetry = { log: () => {}, count: (metric: string) => void counted.push(metric) };
  const forge: Forge = forgeOf({ origin: github.origin, telemetry });
  await forge.observe([{ ...github.repository(), number: 7 }]);
  expect(counted).toEqual(['github.graphql_calls', 'github.http_error']);
});

/** Errors of GraphQL come with status 200. */
test.each<[string, Reply, FailureKind, number | undefined]>([
  [
    'the limit of the hour',
    {
      headers: SPENT,
      body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1.' }] },
    },
    'rate_limited',
    RESET * 1000,
  ],
  [
    'a secondary limit',
    {
      headers: { ...LEFT, 'retry-after': '30' },
      body: { data: null, errors: [{ message: SECONDARY.message }] },
    },
    'rate_limited',
    NOW + 30_000,
  ],
  [
    'a query that took too long',
    {
      body: {
        data: null,
        errors: [
          {
            message: 'Something went wrong while executing your query. This may be the result of a timeout.',
          },
        ],
      },
    },
    'graphql_partial',
    undefined,
  ],
  ['no data and no errors', { body: {} }, 'invalid_response', undefined],
  ['data of another shape', { body: { data: [1] } }, 'invalid_response', undefined],
  ['errors of another shape', { body: { data: null, errors: 'no' } }, 'invalid_response', undefined],
  ['an error that is none', { body: { data: null, errors: [null] } }, 'invalid_response', undefined],
])('GraphQL, %s', async (_, reply, kind, until) => {
  await using github = await startGitHub(() => reply);
  const error = await observeOne(github);
  expect(error).toMatchObject({ kind });
  expect(error).toHaveProperty('until', until);
});
