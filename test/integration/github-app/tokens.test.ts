import { expect, test } from 'vitest';
import { rest } from '../../forge/forge.ts';
import { appWorld, failureOf, OLD_KEY, REPOSITORY, SECRET, type AppWorld } from './app-world.ts';

const MINUTE = 60_000;
const TOKENS = 'POST /app/installations/{installation_id}/access_tokens';

test('a token opens its repository and no other, and may no more than pull requests need', async () => {
  const world = await appWorld();
  await world.forge.createRepository({ owner: 'acme', name: 'other', access: { 'gastown[bot]': 'write' } });
  const token = await world.token();
  expect(await rest(world.forge, token, 'GET /repos/acme/app')).toMatchObject({ status: 200 });
  expect(await rest(world.forge, token, 'GET /repos/acme/other')).toMatchObject({ status: 404 });
  expect(await rest(world.forge, token, 'GET /repos/max/own')).toMatchObject({ status: 404 });
});

test('it is asked for once, and anew when ten minutes are left of its hour', async () => {
  const world = await appWorld();
  const first = await world.token();
  world.clock.advance(49 * MINUTE);
  expect(await world.token({ owner: 'ACME', name: 'App' })).toBe(first);
  expect(world.asked()).toBe(1);
  world.clock.advance(MINUTE);
  const second = await world.token();
  expect(second).not.toBe(first);
  expect(world.asked()).toBe(2);
  const { expiresAt } = await world.app.token({
    townId: 'own',
    integrationId: world.integration.id,
    repository: REPOSITORY,
  });
  expect(expiresAt - world.clock.now()).toBe(60 * MINUTE);
});

test('what was given before something became of the integration is not given again', async () => {
  const world = await appWorld();
  const first = await world.token();
  world.setIntegration({ state: 'suspended', updatedAt: 1 });
  expect(await failureOf(world.token())).toMatchObject({ kind: 'no_token' });
  world.setIntegration({ state: 'active', updatedAt: 2 });
  expect(await world.token()).not.toBe(first);
  expect(world.asked()).toBe(2);
});

test('several who want it at the same time ask once', async () => {
  const world = await appWorld();
  const tokens = await Promise.all([world.token(), world.token(), world.token()]);
  expect(new Set(tokens).size).toBe(1);
  expect(world.asked()).toBe(1);
});

const NOT_THEIRS = "There is no such integration of the town's owner: choose one of theirs.";

test.each<{ reason: string; arrange?: (world: AppWorld) => void; town?: string; says: string }>([
  { reason: "the integration is not the town's", town: 'foreign', says: NOT_THEIRS },
  { reason: 'there is no such town', town: 'none', says: NOT_THEIRS },
  {
    reason: 'the integration was uninstalled',
    arrange: (world) => world.setIntegration({ state: 'deleted' }),
    says: 'uninstalled from acme: install it again',
  },
  {
    reason: 'the integration is suspended',
    arrange: (world) => world.setIntegration({ state: 'suspended' }),
    says: 'suspended at acme',
  },
])('nothing is asked and no token given when $reason', async ({ arrange, town, says }) => {
  const world = await appWorld();
  arrange?.(world);
  const failure = await failureOf(world.token(REPOSITORY, town));
  expect(failure.kind).toBe('no_token');
  expect(failure.message).toContain(says);
  expect(world.forge.calls.count()).toBe(0);
});

test('an integration that is not there is told as one that is not theirs', async () => {
  const { app } = await appWorld();
  const asking = app.token({ townId: 'own', integrationId: 'github-1', repository: REPOSITORY });
  expect(await failureOf(asking)).toEqual({ kind: 'no_token', message: NOT_THEIRS });
});

test.each<{ reason: string; arrange: (world: AppWorld) => void; kind?: string; says: string }>([
  {
    reason: 'it was uninstalled, and nobody has told us yet',
    arrange: ({ forge, repository }) => forge.setInstallation(repository, 'deleted'),
    says: 'install the app again',
  },
  {
    reason: 'it was suspended, and nobody has told us yet',
    arrange: ({ forge, repository }) => forge.setInstallation(repository, 'suspend'),
    says: 'is suspended: allow it at',
  },
  {
    reason: 'GitHub fails',
    arrange: ({ forge }) =>
      void forge.behave({ on: TOKENS, behave: { kind: 'answer', status: 502, body: {} } }),
    kind: 'http_error',
    says: 'GitHub fails (502). It is asked again.',
  },
  {
    reason: 'GitHub limits the app',
    arrange: ({ forge }) =>
      void forge.behave({
        on: TOKENS,
        behave: { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, body: {} },
      }),
    kind: 'rate_limited',
    says: "GitHub limits how often the GitHub App's key may ask.",
  },
  {
    reason: 'no answer comes',
    arrange: ({ forge }) => void forge.behave({ on: TOKENS, behave: { kind: 'answerLost' } }),
    kind: 'http_error',
    says: 'GitHub could not be reached',
  },
  {
    reason: 'the key was replaced',
    arrange: (world) => world.setSecret({ ...SECRET, privateKey: OLD_KEY }),
    kind: 'unauthorized',
    says: "GitHub does not take the GitHub App's key",
  },
  {
    reason: 'the key is none',
    arrange: (world) => world.setSecret({ ...SECRET, privateKey: 'PRIVATE-TEXT' }),
    kind: 'unauthorized',
    says: 'it is no RSA key in PEM',
  },
  {
    reason: 'no app is set up',
    arrange: (world) => world.setSecret(undefined),
    says: 'make one with gastown github-app create',
  },
])('no token is given when $reason', async ({ arrange, kind = 'no_token', says }) => {
  const world = await appWorld();
  arrange(world);
  const failure = await failureOf(world.token());
  expect(failure.kind).toBe(kind);
  expect(failure.message).toContain(says);
  expect(JSON.stringify([failure, world.logs])).not.toMatch(/PRIVATE|client-secret|eyJ/);
});

test('an installation that has not been granted enough says so, and where to grant it', async () => {
  const world = await appWorld({ app: { permissions: { contents: 'read', metadata: 'read' } } });
  const { kind, message } = await failureOf(world.token());
  expect(kind).toBe('no_token');
  expect(message).toContain('has not been granted what pull requests need');
  expect(message).toContain(`${world.forge.webUrl}/settings/installations/9`);
});

test("a repository of another account is not covered, whatever its name, and a limit's end is passed on", async () => {
  const world = await appWorld();
  await world.forge.createRepository({ owner: 'max', name: 'app', access: { 'gastown[bot]': 'write' } });
  for (const owner of ['max', 'nobody']) {
    const failure = await failureOf(world.token({ owner, name: 'app' }));
    expect(failure).toMatchObject({ kind: 'no_token' });
    expect(failure.message).toContain(`does not cover ${owner}/app`);
  }
  world.forge.behave({
    on: TOKENS,
    behave: { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, body: {} },
  });
  await expect(world.token()).rejects.toMatchObject({ until: world.clock.now() + MINUTE });
});

test('a key that was replaced is read anew, once', async () => {
  const world = await appWorld();
  world.setSecret({ ...SECRET, privateKey: OLD_KEY });
  // The secret is put right while GitHub says 401.
  world.forge.behave({ on: TOKENS, behave: { kind: 'slow', ms: 100 } });
  const asking = world.token();
  setTimeout(() => world.setSecret(SECRET), 50);
  expect(await asking).toMatch(/^ghs_/);
  expect(world.freshReads()).toBe(1);
});

test('what the service does not know is refused without being repeated', async () => {
  const { handler } = await appWorld();
  const answer = await handler({ op: 'token', code: 'SENT-TEXT' });
  expect(answer).toMatchObject({ ok: false, kind: 'refused' });
  expect(JSON.stringify(answer)).not.toContain('SENT-TEXT');
});
