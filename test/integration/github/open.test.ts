import { expect, test } from 'vitest';
import { DATE, startGitHub, TOKEN, type Received, type Reply } from './server.ts';

const HEAD = 'a'.repeat(40);
const WANTED = { branch: 'gt/one', target: 'main', title: 'Cart', body: 'Counts.' };

const repositoryAnswer = {
  id: 1,
  name: 'shop',
  full_name: 'acme/shop',
  owner: { login: 'acme' },
  allow_squash_merge: true,
  allow_merge_commit: true,
  allow_rebase_merge: true,
};

/** As GitHub lists and creates them, shortened. */
const pullRequest = (number: number, change: Record<string, unknown> = {}) => ({
  url: `https://api.github.com/repos/acme/shop/pulls/${number}`,
  html_url: `https://github.com/acme/shop/pull/${number}`,
  number,
  state: 'open',
  title: 'Cart',
  draft: false,
  head: { label: 'acme:gt/one', ref: 'gt/one', sha: HEAD, repo: { id: 1, full_name: 'acme/shop' } },
  base: { label: 'acme:main', ref: 'main', sha: 'c'.repeat(40), repo: { id: 1, full_name: 'acme/shop' } },
  ...change,
});

const exists = {
  message: 'Validation Failed',
  errors: [
    { resource: 'PullRequest', code: 'custom', message: 'A pull request already exists for acme:gt/one.' },
  ],
  documentation_url: 'https://docs.github.com/rest/pulls/pulls#create-a-pull-request',
  status: '422',
};

/** A GitHub that knows pull requests; `create` answers the creation, and may add to them. */
const withPullRequests =
  (pulls: unknown[], create: (request: Received) => Reply) =>
  (request: Received): Reply => {
    const { method, path } = request;
    if (method === 'POST') return create(request);
    return { body: path.includes('/pulls') ? pulls : repositoryAnswer };
  };

const calls = (received: readonly Received[]): string[] =>
  received.map(({ method, path }) => `${method} ${path.split('?')[0]}`);

const REPOSITORY = 'GET /api/v3/repos/acme/shop';
const FIND = 'GET /api/v3/repos/acme/shop/pulls';
const CREATE = 'POST /api/v3/repos/acme/shop/pulls';

test('a pull request is made, and what is not known of it yet is unknown', async () => {
  await using github = await startGitHub(withPullRequests([], () => ({ status: 201, body: pullRequest(8) })));
  expect(await github.forge.open(github.repository(), WANTED)).toEqual({
    number: 8,
    url: 'https://github.com/acme/shop/pull/8',
    state: 'open',
    isDraft: false,
    headSha: HEAD,
    headBranch: 'gt/one',
    baseBranch: 'main',
    mergeable: 'unknown',
    mergeState: 'unknown',
    reviewDecision: 'unknown',
    changeRequests: [],
    at: Date.parse(DATE),
  });
  expect(calls(github.received)).toEqual([REPOSITORY, FIND, CREATE]);
  expect(github.received[2]?.body).toEqual({ title: 'Cart', body: 'Counts.', head: 'gt/one', base: 'main' });
  for (const { headers } of github.received)
    expect(headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'gastown-on-aws',
    });
});

test('one that is open is found, and none is made', async () => {
  await using github = await startGitHub(withPullRequests([pullRequest(8)], () => ({ status: 500 })));
  expect(await github.forge.open(github.repository(), WANTED)).toMatchObject({ number: 8, headSha: HEAD });
  const asked = new URL(github.received[1]?.path ?? '', github.origin).searchParams;
  expect(Object.fromEntries(asked)).toEqual({
    state: 'open',
    head: 'acme:gt/one',
    base: 'main',
    per_page: '100',
  });
});

test('of what a filter lets through that GitHub did not understand, only the same branches are taken', async () => {
  const strangers = [
    pullRequest(1, { head: { ref: 'gt/two', sha: HEAD, repo: { id: 1 } } }),
    pullRequest(2, { base: { ref: 'next', sha: HEAD, repo: { id: 1 } } }),
    pullRequest(3, { head: { ref: 'gt/one', sha: HEAD, repo: { id: 2 } } }),
    pullRequest(4, { head: { ref: 'gt/one', sha: HEAD, repo: null } }),
  ];
  const create = (): Reply => ({ status: 201, body: pullRequest(8) });
  await using github = await startGitHub(withPullRequests(strangers, create));
  expect(await github.forge.open(github.repository(), WANTED)).toMatchObject({ number: 8 });
});

test('what an answer that was lost has made is found at the next try', async () => {
  const pulls: unknown[] = [];
  const create = (): Reply => {
    pulls.push(pullRequest(8));
    return { isLost: 'before' };
  };
  await using github = await startGitHub(withPullRequests(pulls, create));
  await expect(github.forge.open(github.repository(), WANTED)).rejects.toMatchObject({ kind: 'http_error' });
  expect(await github.forge.open(github.repository(), WANTED)).toMatchObject({ number: 8 });
  expect(calls(github.received).filter((call) => call === CREATE)).toHaveLength(1);
});

test('one that somebody else made in between is found', async () => {
  const pulls: unknown[] = [];
  const create = (): Reply => {
    pulls.push(pullRequest(8));
    return { status: 422, body: exists };
  };
  await using github = await startGitHub(withPullRequests(pulls, create));
  expect(await github.forge.open(github.repository(), WANTED)).toMatchObject({ number: 8 });
  expect(calls(github.received)).toEqual([REPOSITORY, FIND, CREATE, FIND]);
});

test('what GitHub refuses is refused with its words', async () => {
  const body = {
    message: 'Validation Failed',
    errors: [
      { resource: 'PullRequest', code: 'custom', message: 'No commits between main and gt/one' },
      { resource: 'PullRequest', field: 'base', code: 'invalid' },
    ],
  };
  await using github = await startGitHub(withPullRequests([], () => ({ status: 422, body })));
  await expect(github.forge.open(github.repository(), WANTED)).rejects.toMatchObject({
    kind: 'refused',
    userMessage: expect.stringContaining('No commits between main and gt/one: base invalid') as string,
  });
});

test('texts are cut to what GitHub takes', async () => {
  await using github = await startGitHub(withPullRequests([], () => ({ status: 201, body: pullRequest(8) })));
  await github.forge.open(github.repository(), {
    ...WANTED,
    title: 't'.repeat(300),
    body: 'b'.repeat(70_000),
  });
  expect(github.received[2]?.body).toMatchObject({ title: 't'.repeat(256), body: 'b'.repeat(65_536) });
});

test.each([301, 302, 307, 308])(
  'a repository that was renamed (%i) is used by its present name',
  async (status) => {
    const handle = ({ method, path }: Received): Reply => {
      if (path.startsWith('/api/v3/repos/old'))
        return { status, headers: { location: '/api/v3/repositories/1' }, body: { message: 'Moved' } };
      if (path.startsWith('/api/v3/repositories/1')) return { body: repositoryAnswer };
      return method === 'POST' ? { status: 201, body: pullRequest(8) } : { body: [] };
    };
    await using github = await startGitHub(handle);
    expect(await github.forge.open(github.repository('old/name'), WANTED)).toMatchObject({ number: 8 });
    expect(calls(github.received)).toEqual([
      'GET /api/v3/repos/old/name',
      'GET /api/v3/repositories/1',
      FIND,
      CREATE,
    ]);
    expect(github.received[2]?.path).toContain('head=acme%3Agt%2Fone');
    expect(github.received.every(({ headers }) => headers['authorization'] === `Bearer ${TOKEN}`)).toBe(true);
  },
);

test('a redirect to another host does not get the token', async () => {
  await using other = await startGitHub(() => ({ status: 404, body: { message: 'Not Found' } }));
  // Another name of the same machine is another origin.
  const location = `${other.origin.replace('127.0.0.1', 'localhost')}/elsewhere`;
  await using github = await startGitHub(() => ({ status: 307, headers: { location } }));
  await expect(github.forge.open(github.repository(), WANTED)).rejects.toMatchObject({ kind: 'not_found' });
  expect(other.received.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
});

test('the settings of a repository are asked for once in a while', async () => {
  await using github = await startGitHub(withPullRequests([pullRequest(8)], () => ({ status: 500 })));
  await github.forge.open(github.repository(), WANTED);
  await github.forge.open(github.repository('Acme/Shop'), WANTED);
  expect(calls(github.received)).toEqual([REPOSITORY, FIND, FIND]);
});

test.each([
  ['no list', { body: {} }],
  ['a list of something else', { body: [{ number: 1 }] }],
])('an answer that is %s is not understood', async (_, reply) => {
  await using github = await startGitHub(({ path }) =>
    path.includes('/pulls') ? reply : { body: repositoryAnswer },
  );
  await expect(github.forge.open(github.repository(), WANTED)).rejects.toMatchObject({
    kind: 'invalid_response',
  });
});
