import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../../cli/main.ts';
import { createOpenApiDocument } from '../../../lambdas/http/openapi.ts';

const CLIENT_ID = 'client-of-the-command-line';

/** A sign-in service that speaks OpenID Connect, and an API that says that its users sign in there. */
let issuer: OAuth2Server;
let api: { readonly url: string; readonly tokens: string[]; close(): void };
let home: string;
let lifeSeconds: number;
let isRefusing: boolean;

beforeEach(async () => {
  [lifeSeconds, isRefusing] = [3600, false];
  issuer = new OAuth2Server();
  await issuer.issuer.keys.generate('RS256');
  await issuer.start(0, '127.0.0.1');
  // The name that its document has is the one that it is asked by.
  issuer.issuer.url = `http://127.0.0.1:${issuer.address().port}`;
  issuer.service.on('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => {
    token.payload['exp'] = Math.floor(Date.now() / 1000) + lifeSeconds;
    // Cognito's access tokens differ from one another.
    token.payload['jti'] = Math.random().toString(36);
  });
  issuer.service.on('beforeResponse', (response: { statusCode: number; body: unknown }) => {
    if (isRefusing) Object.assign(response, { statusCode: 400, body: { error: 'invalid_grant' } });
  });
  home = await mkdtemp(join(tmpdir(), 'gastown-login-'));
  api = await startApi({ issuer: issuer.issuer.url, clientId: CLIENT_ID });
});
afterEach(async () => {
  api.close();
  await issuer.stop();
  await rm(home, { recursive: true, force: true });
});

async function startApi(signIn: { issuer: string; clientId: string } | undefined) {
  const tokens: string[] = [];
  const document = createOpenApiDocument([], { version: 'test', tags: {}, signIn });
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    if (url.startsWith('/v1/towns')) tokens.push((headers.authorization ?? '').replace('Bearer ', ''));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(url === '/v1/openapi.json' ? document : { items: [], nextCursor: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    close: () => void server.close(),
  };
}

const open = async (address: string): Promise<void> => {
  await fetch(address);
};

/** The command line, with a browser that opens what it says. */
async function gastown(words: readonly string[], browse = open) {
  let [out, error] = ['', ''];
  let browsing: Promise<void> | undefined;
  const code = await main({
    words: [...words, '--data-dir', join(home, 'none')],
    env: { XDG_CONFIG_HOME: home },
    version: 'test',
    signal: AbortSignal.timeout(20_000),
    terminal: {
      input: Readable.from(['']),
      out: (text) => void (out += text),
      error(text) {
        error += text;
        const [address] = /http:\/\/127\.0\.0\.1:\S+authorize\S+/.exec(text) ?? [];
        if (address !== undefined) browsing ??= browse(address);
      },
      style: () => ({ columns: 200, hasColours: false, now: 0 }),
    },
  });
  await browsing;
  return { code, out, error };
}

test('somebody signs in once; what they ask then has their token, which is renewed before it ends', async () => {
  const done = await gastown(['login', '--url', api.url]);
  expect(done).toMatchObject({ code: 0, out: `You are signed in to ${api.url}.\n` });
  const file = join(home, 'gastown', 'logins.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  // No address is named: there is one installation only.
  expect((await gastown(['towns', 'list'])).code).toBe(0);
  expect((await gastown(['towns', 'list'])).code).toBe(0);
  expect(api.tokens.length).toBe(2);
  expect(new Set(api.tokens).size).toBe(1);
  expect(api.tokens[0]).toMatch(/^ey/);

  lifeSeconds = 30;
  expect((await gastown(['login'])).code).toBe(0);
  lifeSeconds = 3600;
  api.tokens.length = 0;
  for (let times = 0; times < 2; times += 1) expect((await gastown(['towns', 'list'])).code).toBe(0);
  expect(new Set(api.tokens).size).toBe(1);
  expect(await readFile(file, 'utf8')).toContain(api.tokens[0]);
});

test('a token that cannot be renewed says to sign in again, and nothing is asked with the old one', async () => {
  lifeSeconds = 30;
  await gastown(['login', '--url', api.url]);
  isRefusing = true;
  const done = await gastown(['towns', 'list']);
  expect(done.code).toBe(1);
  expect(done.error).toBe('The sign-in did not work (invalid_grant): gastown login.\n');
  expect(api.tokens).toEqual([]);
});

test('the token goes to its own installation only, and logout forgets it', async () => {
  await gastown(['login', '--url', api.url]);
  const other = await startApi(undefined);
  await gastown(['towns', 'list', '--url', other.url]);
  other.close();
  expect(other.tokens).toEqual(['']);
  expect((await gastown(['logout'])).out).toBe(`You are signed out of ${api.url}.\n`);
  await gastown(['towns', 'list', '--url', api.url]);
  expect(api.tokens).toEqual(['']);
});

test.each<{ situation: string; browse: (address: string) => Promise<void>; code: number; error: RegExp }>([
  {
    situation: 'an answer of another sign-in is not taken',
    async browse(address) {
      const foreign = await fetch('http://localhost:8976/signed-in?code=stolen&state=other');
      expect(foreign.status).toBe(400);
      await fetch(address);
    },
    code: 0,
    error: /sign in/,
  },
  {
    situation: 'somebody says no',
    async browse(address) {
      const state = new URL(address).searchParams.get('state');
      await fetch(`http://localhost:8976/signed-in?error=access_denied&state=${state}`);
    },
    code: 1,
    error: /did not work \(access_denied\)/,
  },
])('$situation', async ({ browse, code, error }) => {
  const done = await gastown(['login', '--url', api.url], browse);
  expect(done.code).toBe(code);
  expect(done.error).toMatch(error);
});

test('an installation that says nothing of a sign-in', async () => {
  const silent = await startApi(undefined);
  const done = await gastown(['login', '--url', silent.url]);
  silent.close();
  expect(done.code).toBe(1);
  expect(done.error).toContain('Set GASTOWN_TOKEN');
});
