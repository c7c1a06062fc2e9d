import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { expect, test } from 'vitest';
import { ACCESS, forgeForTest, rest, scene, TOWN, type Scene } from './forge.ts';

/** The machine's clock, since GitHub's own library signs by it. */
const NOW = { now: Date.now };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = String(privateKey.export({ type: 'pkcs1', format: 'pem' }));
const PUBLIC = String(publicKey.export({ type: 'spki', format: 'pem' }));
const APP = { id: 7, installationId: 9, publicKey: PUBLIC, account: 'acme' };

const jwt = async (key = KEY): Promise<string> =>
  (await createAppAuth({ appId: 7, privateKey: key })({ type: 'app' })).token;

async function installed(): Promise<Scene> {
  const scenery = await scene({ ...NOW, app: APP });
  await scenery.forge.createRepository({ owner: 'acme', name: 'other', access: { [TOWN]: 'write' } });
  await scenery.forge.createRepository({ owner: 'max', name: 'own', access: { [TOWN]: 'write' } });
  return scenery;
}

const narrowed = async ({ forge }: Scene, to: object) =>
  rest(forge, await jwt(), 'POST /app/installations/9/access_tokens', { ...to });

test('a JWT that another key has signed is none', async () => {
  const { forge } = await installed();
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const other = await jwt(String(stranger.export({ type: 'pkcs1', format: 'pem' })));
  expect(await rest(forge, other, 'GET /app')).toMatchObject({ status: 401 });
  expect(await rest(forge, await jwt(), 'GET /app')).toMatchObject({ status: 200, data: { id: 7 } });
});

test('a token for one repository sees and changes that one, and no other', async () => {
  const scenery = await installed();
  const { forge } = scenery;
  const given = await narrowed(scenery, { repositories: ['app'], permissions: { contents: 'write' } });
  expect(given).toMatchObject({
    status: 201,
    data: {
      repository_selection: 'selected',
      permissions: { contents: 'write' },
      repositories: [{ full_name: 'acme/app' }],
    },
  });
  const token = String(given.data['token']);
  expect(await rest(forge, token, 'GET /repos/acme/app')).toMatchObject({ status: 200 });
  expect(await rest(forge, token, 'GET /repos/acme/other')).toMatchObject({ status: 404 });
  expect(await rest(forge, token, 'GET /installation/repositories')).toMatchObject({
    data: { total_count: 1 },
  });
  // It may write contents, and no pull requests.
  const pull = { title: 'a', head: 'main', base: 'main' };
  expect(await rest(forge, token, 'POST /repos/acme/app/pulls', pull)).toMatchObject({
    status: 403,
    data: { message: 'Resource not accessible by integration' },
  });
});

test.each([
  { to: { repositories: ['none'] }, reason: 'a repository that is not there' },
  { to: { repositories: ['own'] }, reason: "a repository of somebody else's" },
  { to: { permissions: { workflows: 'write' } }, reason: 'a permission that was not granted' },
  { to: { permissions: { checks: 'write' } }, reason: 'more than was granted' },
])('no token is given for $reason', async ({ to }) => {
  expect(await narrowed(await installed(), to)).toMatchObject({ status: 422 });
});

test('an app reads its installation, also while it is suspended, and not when it is gone', async () => {
  const { forge, repository } = await installed();
  const read = async (id = 9) => rest(forge, await jwt(), `GET /app/installations/${id}`);
  expect(await read()).toMatchObject({
    status: 200,
    data: { id: 9, account: { login: 'acme' }, repository_selection: 'all', suspended_at: null },
  });
  expect(await read(8)).toMatchObject({ status: 404 });
  forge.setInstallation(repository, 'suspend');
  expect((await read()).data['suspended_at']).toEqual(expect.any(String));
  forge.setInstallation(repository, 'deleted');
  expect(await read()).toMatchObject({ status: 404 });
});

/** A user's token for a code. */
async function exchanged({ webUrl }: { webUrl: string }, fields: object): Promise<Record<string, string>> {
  const response = await fetch(`${webUrl}/login/oauth/access_token`, {
    method: 'POST',
    body: JSON.stringify({ client_id: 'Iv1.gastown', client_secret: 'client-secret', ...fields }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, string>;
}

test('a code is good once, and with the secret of the app', async () => {
  const { forge } = await installed();
  const code = forge.userCode('rita');
  expect(await exchanged(forge, { code, client_secret: 'x' })).toMatchObject({
    error: 'incorrect_client_credentials',
  });
  const { access_token: token = '' } = await exchanged(forge, { code });
  expect(await rest(forge, token, 'GET /user')).toMatchObject({ data: { login: 'rita' } });
  expect(await exchanged(forge, { code })).toMatchObject({ error: 'bad_verification_code' });
});

test('a user sees installations through the app alone, and what they may do there', async () => {
  const { forge } = await installed();
  const through = async (login: string): Promise<string> =>
    (await exchanged(forge, { code: forge.userCode(login) }))['access_token'] ?? '';
  expect(await rest(forge, forge.token('rita'), 'GET /user/installations')).toMatchObject({ status: 403 });
  const rita = await through('rita');
  expect(await rest(forge, rita, 'GET /user/installations')).toMatchObject({
    data: { total_count: 1, installations: [{ id: 9, account: { login: 'acme' } }] },
  });
  expect(await rest(forge, rita, 'GET /user/installations/9/repositories')).toMatchObject({
    data: { total_count: 1, repositories: [{ full_name: 'acme/app', permissions: { admin: false } }] },
  });
  expect(await rest(forge, await through('nobody'), 'GET /user/installations')).toMatchObject({
    data: { total_count: 0 },
  });
});

test('a manifest becomes the app: once, with a key that signs', async () => {
  const { forge } = await forgeForTest(NOW);
  const manifest = {
    name: 'Town of Acme',
    url: 'https://example.com',
    redirect_url: 'http://127.0.0.1:1/back',
    default_permissions: { contents: 'write' },
  };
  const post = async (text: string) =>
    fetch(`${forge.webUrl}/organizations/acme/settings/apps/new?state=abc`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ manifest: text }),
    });
  expect((await post('{}')).status).toBe(422);
  const redirected = await post(JSON.stringify(manifest));
  expect(redirected.status).toBe(302);
  const back = new URL(redirected.headers.get('location') ?? '');
  expect(back.origin + back.pathname).toBe(manifest.redirect_url);
  expect(back.searchParams.get('state')).toBe('abc');
  const convert = async () =>
    rest(forge, undefined, `POST /app-manifests/${back.searchParams.get('code')}/conversions`);
  const { status, data } = await convert();
  expect({ status, slug: data['slug'], owner: data['owner'] }).toMatchObject({
    status: 201,
    slug: 'town-of-acme',
    owner: { login: 'acme' },
  });
  expect(await convert()).toMatchObject({ status: 404 });
  const app = createAppAuth({ appId: Number(data['id']), privateKey: String(data['pem']) });
  const { token } = await app({ type: 'app' });
  expect(await rest(forge, token, 'GET /app')).toMatchObject({ data: { slug: 'town-of-acme' } });
});

test('deliveries come in pages', async () => {
  const { forge, repository } = await scene(
    { ...NOW, app: APP, webhook: { url: 'http://127.0.0.1:1', secret: 's' } },
    { access: ACCESS },
  );
  for (const action of ['suspend', 'unsuspend', 'suspend', 'unsuspend'] as const)
    forge.setInstallation(repository, action);
  await forge.settled();
  const ids = async (query: object) => {
    const { data, headers } = await rest(forge, await jwt(), 'GET /app/hook/deliveries', { ...query });
    return { ids: (data as unknown as { id: number }[]).map(({ id }) => id), link: headers['link'] };
  };
  const first = await ids({ per_page: 3 });
  const [, cursor = ''] = /cursor=(\d+)[^>]*>; rel="next"/.exec(`${first.link}`) ?? [];
  const second = await ids({ per_page: 3, cursor });
  expect([...first.ids, ...second.ids]).toEqual([4, 3, 2, 1]);
  expect(second.link).toBeUndefined();
});
