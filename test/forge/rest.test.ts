import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { TOWN, forgeForTest, pullOfTown, rest, scene } from './forge.ts';

const PULLS = '/repos/acme/app/pulls';

test.each([
  [
    'no commits',
    { head: 'main', base: 'main' },
    { resource: 'PullRequest', code: 'custom', message: 'No commits between main and main' },
  ],
  ['no such head', { head: 'nowhere', base: 'main' }, { field: 'head', code: 'invalid' }],
  ['no such base', { head: 'work', base: 'nowhere' }, { field: 'base', code: 'invalid' }],
  [
    'one that is there',
    { head: 'acme:work', base: 'main' },
    { code: 'custom', message: 'A pull request already exists for acme:work.' },
  ],
])('a pull request is not opened: %s', async (_, branches, error) => {
  const scenery = await scene();
  await pullOfTown(scenery);
  const { forge, token } = scenery;
  const answer = await rest(forge, token, `POST ${PULLS}`, { title: 'x', ...branches });
  expect(answer).toMatchObject({ status: 422, data: { message: 'Validation Failed', errors: [error] } });
  expect(answer.data['documentation_url']).toContain('docs.github.com');
});

test('pull requests are found by head, base and state, page by page', async () => {
  const scenery = await scene();
  const { forge, token } = scenery;
  for (const branch of ['one', 'two', 'three'])
    await pullOfTown(scenery, { branch, files: { [branch]: branch } });
  await scenery.repository.pull(2).close('rita');
  const numbers = async (parameters: Record<string, unknown>): Promise<unknown[]> => {
    const { data } = await rest(forge, token, `GET ${PULLS}`, parameters);
    return (data as unknown as { number: number }[]).map(({ number }) => number);
  };
  expect(await numbers({})).toEqual([3, 1]);
  expect(await numbers({ state: 'all' })).toEqual([3, 2, 1]);
  expect(await numbers({ head: 'acme:two', state: 'all' })).toEqual([2]);
  expect(await numbers({ head: 'acme:one', base: 'next' })).toEqual([]);
  expect(await numbers({ state: 'all', per_page: 2, page: 2 })).toEqual([1]);
  const { headers } = await rest(forge, token, `GET ${PULLS}`, { state: 'all', per_page: 2 });
  expect(headers['link']).toContain('page=2>; rel="next"');
});

test('a pull request is edited, closed and reopened', async () => {
  const scenery = await scene();
  const { forge, token, repository } = scenery;
  await pullOfTown(scenery);
  await repository.commit('next', { files: { 'n.txt': 'n' } });
  const patch = (parameters: Record<string, unknown>) => rest(forge, token, `PATCH ${PULLS}/1`, parameters);
  expect(await patch({ title: 'Other', base: 'next' })).toMatchObject({
    status: 200,
    data: { title: 'Other', base: { ref: 'next' } },
  });
  expect(await patch({ state: 'closed' })).toMatchObject({ data: { state: 'closed', merged: false } });
  expect(await patch({ state: 'open' })).toMatchObject({ data: { state: 'open' } });
  expect(await patch({ state: 'gone' })).toMatchObject({ status: 422 });
});

test('branches, refs and what lies between them', async () => {
  const { forge, repository, token } = await scene();
  const sha = repository.head('main');
  const made = await rest(forge, token, 'POST /repos/acme/app/git/refs', {
    ref: 'refs/heads/feature/x',
    sha,
  });
  expect(made).toMatchObject({ status: 201, data: { object: { sha } } });
  const again = await rest(forge, token, 'POST /repos/acme/app/git/refs', {
    ref: 'refs/heads/feature/x',
    sha,
  });
  expect(again).toMatchObject({ status: 422, data: { message: 'Reference already exists' } });
  const next = await repository.commit('feature/x', { files: { 'x.txt': 'x' } });
  await repository.commit('main', { files: { 'm.txt': 'm' } });
  const compared = await rest(forge, token, 'GET /repos/acme/app/compare/main...feature/x');
  expect(compared.data).toMatchObject({
    status: 'diverged',
    ahead_by: 1,
    behind_by: 1,
    merge_base_commit: { sha },
    commits: [{ sha: next }],
  });
  expect(await rest(forge, token, 'GET /repos/acme/app/branches/feature/x')).toMatchObject({
    status: 200,
    data: { commit: { sha: next }, protected: false },
  });
  const back = { sha, force: false };
  const patched = await rest(forge, token, 'PATCH /repos/acme/app/git/refs/heads/feature/x', back);
  expect(patched).toMatchObject({ status: 422, data: { message: 'Update is not a fast forward' } });
  expect(await rest(forge, token, 'DELETE /repos/acme/app/git/refs/heads/feature/x')).toMatchObject({
    status: 204,
  });
  expect(await rest(forge, token, 'GET /repos/acme/app/git/ref/heads/feature/x')).toMatchObject({
    status: 404,
  });
});

test('checks and statuses of a commit', async () => {
  const scenery = await scene();
  const { forge, token } = scenery;
  const pull = await pullOfTown(scenery);
  const { headSha } = pull.state;
  await pull.setCheck('ci', { status: 'completed', conclusion: 'failure' });
  await rest(forge, token, `POST /repos/acme/app/statuses/${headSha}`, { state: 'pending', context: 'lint' });
  expect(await rest(forge, token, `GET /repos/acme/app/commits/${headSha}/check-runs`)).toMatchObject({
    data: { total_count: 1, check_runs: [{ name: 'ci', conclusion: 'failure', head_sha: headSha }] },
  });
  const status = 'GET /repos/acme/app/commits/work/status';
  expect(await rest(forge, token, status)).toMatchObject({ data: { state: 'pending', sha: headSha } });
  await rest(forge, token, `POST /repos/acme/app/statuses/${headSha}`, { state: 'success', context: 'lint' });
  expect(await rest(forge, token, status)).toMatchObject({
    data: { state: 'success', statuses: [{ context: 'lint', state: 'success' }] },
  });
});

test('who may not read sees nothing, who may not write is refused, and tokens end', async () => {
  const scenery = await scene();
  const { forge, clock } = scenery;
  await pullOfTown(scenery);
  const merge = (token: string | undefined) => rest(forge, token, `PUT ${PULLS}/1/merge`);
  expect(await merge(undefined)).toMatchObject({ status: 404, data: { message: 'Not Found' } });
  expect(await merge('ghs_nothing')).toMatchObject({ status: 401, data: { message: 'Bad credentials' } });
  expect(await merge(forge.token('stranger'))).toMatchObject({ status: 404 });
  expect(await merge(forge.token('guest'))).toMatchObject({
    status: 403,
    data: { message: 'Resource not accessible by integration' },
  });
  const short = forge.token('rita', clock.now() + 1000);
  expect(await rest(forge, short, 'GET /user')).toMatchObject({ status: 200, data: { login: 'rita' } });
  clock.advance(1000);
  expect(await rest(forge, short, 'GET /user')).toMatchObject({ status: 401 });
  const other = forge.token('rita');
  forge.revoke(other);
  expect(await rest(forge, other, 'GET /user')).toMatchObject({ status: 401 });
  expect(await rest(forge, forge.token('rita'), 'GET /nothing')).toMatchObject({ status: 404 });
});

test('an app signs for itself and gets a token of an hour', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const { forge, clock } = await forgeForTest({ app: { id: 7, installationId: 9, publicKey: String(pem) } });
  const sign = (key: typeof privateKey, seconds: number): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer('7')
      .setIssuedAt(Math.floor(clock.now() / 1000))
      .setExpirationTime(Math.floor(clock.now() / 1000) + seconds)
      .sign(key);
  const ask = async (jwt: string, id = 9) => rest(forge, jwt, `POST /app/installations/${id}/access_tokens`);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  expect(await ask(await sign(stranger, 600))).toMatchObject({ status: 401 });
  expect(await ask(await sign(privateKey, 3600))).toMatchObject({ status: 401 });
  expect(await ask(await sign(privateKey, 600), 8)).toMatchObject({ status: 404 });
  const given = await ask(await sign(privateKey, 600));
  expect(given).toMatchObject({ status: 201, data: { expires_at: '2026-01-01T01:00:00Z' } });
  const token = String(given.data['token']);
  await forge.createRepository({ owner: 'acme', name: 'app', access: { [TOWN]: 'write' } });
  expect(await rest(forge, await sign(privateKey, 600), 'GET /repos/acme/app/installation')).toMatchObject({
    status: 200,
    data: { id: 9, app_id: 7, account: { login: 'acme' } },
  });
  expect(await rest(forge, token, 'GET /installation/repositories')).toMatchObject({
    data: { total_count: 1, repositories: [{ full_name: 'acme/app' }] },
  });
  expect(await rest(forge, token, 'GET /user')).toMatchObject({
    data: { login: 'gastown[bot]', type: 'Bot' },
  });
  clock.advance(3_600_000);
  expect(await rest(forge, token, 'GET /user')).toMatchObject({ status: 401 });
});

test("every answer has the forge's clock, the limit and a request id; the limit ends and begins again", async () => {
  const { forge, clock, token } = await scene({ rateLimit: 3 });
  const first = await rest(forge, token, 'GET /repos/acme/app');
  expect(first.headers).toMatchObject({
    date: 'Thu, 01 Jan 2026 00:00:00 GMT',
    'x-ratelimit-limit': '3',
    'x-ratelimit-remaining': '2',
    'x-ratelimit-reset': `${(clock.now() + 3_600_000) / 1000}`,
    'x-ratelimit-resource': 'core',
  });
  expect(first.headers['x-github-request-id']).toMatch(/^[0-9A-F]{8}:/);
  forge.rateLimits.leave('gastown[bot]', 'core', 0);
  const refused = await rest(forge, token, 'GET /repos/acme/app');
  expect(refused).toMatchObject({
    status: 403,
    headers: { 'x-ratelimit-remaining': '0' },
    data: { message: 'API rate limit exceeded for gastown[bot].' },
  });
  expect(await rest(forge, token, 'GET /rate_limit')).toMatchObject({
    status: 200,
    data: { rate: { remaining: 0 }, resources: { graphql: { remaining: 3 } } },
  });
  clock.advance(3_600_000);
  expect(await rest(forge, token, 'GET /repos/acme/app')).toMatchObject({ status: 200 });
});
