import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { browserRound } from '../../../cli/github-app/browser-round.ts';
import { main } from '../../../cli/main.ts';
import { parseAppSecret } from '../../../lambdas/adapters/github/app-secret.ts';
import { createSecretSource } from '../../../lambdas/adapters/github/secrets-manager.ts';
import { localGitHubApp } from '../../../local/github-app.ts';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { forgeForTest, rest } from '../../forge/forge.ts';
import { clientOptions, startJsonService } from '../../unit/lambdas/json-service.ts';
import { createAppAuth } from '@octokit/auth-app';

const API = 'https://gastown.example';

async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'gastown-app-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The command, with a browser that begins where the command says. */
async function create(
  words: readonly string[],
  browse: (address: string) => Promise<void>,
  signal = AbortSignal.timeout(20_000),
): Promise<{ code: number; out: string; error: string }> {
  let [out, error] = ['', ''];
  let browsing: Promise<void> | undefined;
  const code = await main({
    words: ['github-app', 'create', ...words],
    env: {},
    version: 'test',
    signal,
    terminal: {
      input: Readable.from(['']),
      out: (text) => void (out += text),
      error(text) {
        error += text;
        const [address] = /http:\/\/127\.0\.0\.1:\S+/.exec(text) ?? [];
        if (address !== undefined) browsing ??= browse(address);
      },
      style: () => ({ columns: 200, hasColours: false, now: 0 }),
    },
  });
  await browsing;
  return { code, out, error };
}

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** What the page of the command sends to GitHub. */
async function formOf(address: string): Promise<{ action: string; manifest: Record<string, unknown> }> {
  const page = await (await fetch(address)).text();
  const [, action = ''] = /action="([^"]*)"/.exec(page) ?? [];
  const [, manifest = ''] = /value="([^"]*)"/.exec(page) ?? [];
  return {
    action: unescaped(action),
    manifest: JSON.parse(unescaped(manifest)) as Record<string, unknown>,
  };
}

/** Says yes at GitHub, and goes where it leads. */
async function agree(address: string): Promise<void> {
  const { action, manifest } = await formOf(address);
  const body = new URLSearchParams({ manifest: JSON.stringify(manifest) });
  const redirected = await fetch(action, { method: 'POST', redirect: 'manual', body });
  const back = redirected.headers.get('location') ?? '';
  // Somebody else's answer is none.
  const forged = new URL(back);
  forged.searchParams.set('state', 'x'.repeat(32));
  expect((await fetch(forged)).status).toBe(400);
  expect(await (await fetch(back)).text()).toContain('Go back to the terminal');
}

test('the app of a local installation is made, and its file is what local mode reads', async () => {
  const { forge } = await forgeForTest({ now: Date.now });
  const directory = await dataDirectory();
  const where = ['--github-url', forge.webUrl, '--data-dir', directory, '--url', API];
  const { code, out, error } = await create(
    [...where, '--name', 'Our Town', '--org', 'acme', '--json'],
    agree,
  );
  expect({ code, error }).toMatchObject({ code: 0 });
  expect(JSON.parse(out)).toMatchObject({
    slug: 'our-town',
    installUrl: `${forge.webUrl}/apps/our-town/installations/new`,
    hasWebhook: true,
  });
  const file = join(directory, 'github-app.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['github-app.json']);
  const secret = await localGitHubApp(directory).key.read(false);
  const { privateKey = '', clientSecret = '', appId = 0 } = secret ?? {};
  const kept = JSON.parse(await readFile(file, 'utf8')) as { webhookSecrets: string[] };
  expect(kept.webhookSecrets).toHaveLength(1);
  expect(await localGitHubApp(directory).webhook.read(false)).toEqual(kept.webhookSecrets);
  for (const hidden of [privateKey.slice(40, 80), clientSecret, kept.webhookSecrets[0] ?? ''])
    expect(out + error).not.toContain(hidden);
  const { token } = await createAppAuth({ appId, privateKey })({ type: 'app' });
  expect(await rest(forge, token, 'GET /app')).toMatchObject({ data: { slug: 'our-town' } });
  expect(forge.calls.count('POST /organizations/{org}/settings/apps/new')).toBe(1);

  const again = await create(where, agree);
  expect(again).toMatchObject({ code: 2 });
  expect(again.error).toContain('--replace');
});

test('the manifest asks for what merging needs, and for a webhook where GitHub can reach it', async () => {
  const { forge } = await forgeForTest({ now: Date.now });
  const asked: Record<string, unknown>[] = [];
  const look = async (address: string): Promise<void> => {
    asked.push((await formOf(address)).manifest);
    await agree(address);
  };
  for (const url of [API, 'http://127.0.0.1:4000']) {
    const where = ['--github-url', forge.webUrl, '--data-dir', await dataDirectory(), '--url', url];
    const { code, out } = await create(where, look);
    expect(code).toBe(0);
    expect(out.includes('polled instead')).toBe(url !== API);
  }
  expect(asked[0]).toMatchObject({
    hook_attributes: { url: `${API}/v1/webhooks/github`, active: true },
    callback_urls: [`${API}/v1/integrations/github/callback`],
    request_oauth_on_install: true,
    public: false,
    default_permissions: { contents: 'write', pull_requests: 'write', administration: 'read' },
  });
  expect(asked[1]).not.toHaveProperty('hook_attributes');
  expect(asked[1]).not.toHaveProperty('default_events');
});

test('in AWS both secrets get their part, which the token service reads', async () => {
  const { forge } = await forgeForTest({ now: Date.now });
  const values = new Map<string, string>();
  const aws = await startJsonService((operation, { SecretId, SecretString }) => {
    const id = String(SecretId);
    if (operation === 'PutSecretValue') values.set(id, String(SecretString));
    if (operation !== 'GetSecretValue')
      return { ok: { ARN: id, ...(values.has(id) ? { VersionIdsToStages: { v: ['AWSCURRENT'] } } : {}) } };
    const value = values.get(id);
    return value === undefined ? { error: 'ResourceNotFoundException' } : { ok: { SecretString: value } };
  });
  onTestFinished(() => aws.close());
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', aws.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  onTestFinished(() => void vi.unstubAllEnvs());
  const arn = (name: string): string => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-abc`;
  const client = new SecretsManagerClient(clientOptions(aws));
  let now = 0;
  const source = createSecretSource({ client, arn: arn('key'), parse: parseAppSecret, now: () => now });
  expect(await source.read(false)).toBeUndefined();

  const secrets = ['--key-secret', arn('key'), '--webhook-secret', arn('hook')];
  const where = ['--github-url', forge.webUrl, '--url', API, ...secrets];
  expect(await create(where, agree)).toMatchObject({ code: 0 });
  now += 60_000;
  expect(await source.read(false)).toMatchObject({ clientId: expect.stringMatching(/^Iv1/) as string });
  expect(JSON.parse(values.get(arn('hook')) ?? '')).toEqual({ webhookSecrets: [expect.any(String)] });
  const reads = (): number => aws.requests.filter(({ operation }) => operation === 'GetSecretValue').length;
  const before = reads();
  now += 60_000;
  await source.read(false);
  expect(reads()).toBe(before);
  await source.read(true);
  expect(reads()).toBe(before + 1);
  expect((await create(where, agree)).error).toContain('--replace');
});

test.each([
  { words: ['--name', 'x'.repeat(35)], says: 'at most 34 characters' },
  { words: ['--org', 'a/b'], says: '--org is the name' },
  { words: ['--github-url', 'x'], says: '--github-url is an address' },
  { words: ['--key-secret', 'arn:x'], says: 'Say both' },
  { words: ['--key-secret', 'arn:x', '--webhook-secret', 'arn:y'], says: 'are ARNs of secrets' },
  { words: ['--data-dir', '/nowhere/at/all'], says: 'There is no directory' },
])('the command line $words is refused before anything is made', async ({ words, says }) => {
  const browse = vi.fn<(address: string) => Promise<void>>();
  const { code, error } = await create(['--url', API, ...words], browse);
  expect(code).toBe(2);
  expect(error).toContain(says);
  expect(browse).not.toHaveBeenCalled();
});

test('Ctrl-C ends the wait', async () => {
  const interrupt = new AbortController();
  const where = ['--data-dir', await dataDirectory(), '--url', API];
  const { code } = await create(where, async () => interrupt.abort(), interrupt.signal);
  expect(code).toBe(130);
});

test('the wait ends by itself, and the page answers to its own name alone', async () => {
  const seen: number[] = [];
  const round = browserRound({
    action: 'http://127.0.0.1:1/settings/apps/new',
    manifest: () => ({}),
    onReady(address) {
      void fetch(new URL('/', address)).then(({ status }) => seen.push(status));
    },
    signal: AbortSignal.timeout(10_000),
    limitMs: 300,
  });
  await expect(round).rejects.toThrow('Nobody came back');
  expect(seen).toEqual([404]);
});

test('a file that others can read, or that is cut, is said and not used', async () => {
  const directory = await dataDirectory();
  const file = join(directory, 'github-app.json');
  const source = localGitHubApp(directory).key;
  expect(await source.read(false)).toBeUndefined();
  await writeFile(file, '{"privateKey":"HIDDEN"', { mode: 0o600 });
  await expect(source.read(false)).rejects.toThrow(/it is no JSON object(?!.*HIDDEN)/);
  await writeFile(file, '{"privateKey":"HIDDEN"}', { mode: 0o600 });
  await expect(source.read(false)).rejects.toThrow(/appId, slug, clientId, clientSecret(?!.*HIDDEN)/);
  await rm(file);
  await writeFile(file, '{}', { mode: 0o644 });
  await expect(source.read(false)).rejects.toThrow(/Others can read/);
});
