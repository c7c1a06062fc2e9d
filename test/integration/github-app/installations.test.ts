import { expect, test } from 'vitest';
import { TOWN } from '../../forge/forge.ts';
import { appWorld, failureOf, INSTALLATION, type AppWorld } from './app-world.ts';

const administers = ({ forge, app }: AppWorld, login: string, installationId = INSTALLATION) =>
  app.administers({ code: forge.userCode(login), installationId });

test('it says what an installation needs, and that there is no app', async () => {
  const world = await appWorld();
  expect(await world.app.about()).toEqual({ slug: 'gastown', clientId: 'Iv1.gastown' });
  world.setSecret(undefined);
  expect(await world.app.about()).toBeUndefined();
  expect(await failureOf(world.app.installation(INSTALLATION))).toMatchObject({ kind: 'no_token' });
});

test('an installation is described, suspended or not, and one that is gone is none', async () => {
  const { app, forge, repository } = await appWorld();
  const described = {
    installationId: INSTALLATION,
    account: { login: 'acme', type: 'User' },
    selection: 'all',
    isSuspended: false,
  };
  expect(await app.installation(INSTALLATION)).toEqual(described);
  expect(await app.installation(8)).toBeUndefined();
  forge.setInstallation(repository, 'suspend');
  expect(await app.installation(INSTALLATION)).toEqual({ ...described, isSuspended: true });
  forge.setInstallation(repository, 'deleted');
  expect(await app.installation(INSTALLATION)).toBeUndefined();
});

test('all repositories of an installation are listed, over several pages', async () => {
  const { app, forge } = await appWorld();
  for (let number = 1; number <= 105; number += 1)
    await forge.createRepository({ owner: 'acme', name: `r${number}`, access: { [TOWN]: 'read' } });
  const found = await app.repositories(INSTALLATION);
  expect(found).toHaveLength(106);
  expect(found[0]).toEqual({
    fullName: 'acme/app',
    gitUrl: forge.gitUrl('acme', 'app'),
    defaultBranch: 'main',
    isPrivate: true,
  });
  expect(forge.calls.count('GET /installation/repositories')).toBe(2);
}, 60_000);

test.each([
  { login: 'acme', is: true, reason: 'the account is their own' },
  { login: 'boss', is: true, reason: 'they are an admin of all that it covers' },
  { login: 'lead', is: false, reason: 'they are an admin of a part of it' },
  { login: 'rita', is: false, reason: 'they write to a repository of it' },
  { login: 'guest', is: false, reason: 'they read a repository of it' },
  { login: 'nobody', is: false, reason: 'they have nothing to do with it' },
])('$login administers it: $is, since $reason', async ({ login, is }) => {
  const world = await appWorld();
  const { forge, repository } = world;
  await repository.grant('boss', 'admin');
  await repository.grant('lead', 'admin');
  const access = { [TOWN]: 'write', boss: 'admin' } as const;
  await forge.createRepository({ owner: 'acme', name: 'other', access });
  expect(await administers(world, login)).toBe(is);
  expect(await administers(world, login, 8)).toBe(false);
});

test('a code is good once, and what it gives is told to nobody', async () => {
  const { app, forge, logs } = await appWorld();
  const code = forge.userCode('acme');
  expect(await app.administers({ code, installationId: INSTALLATION })).toBe(true);
  const failure = await failureOf(app.administers({ code, installationId: INSTALLATION }));
  expect(failure).toMatchObject({ kind: 'refused' });
  expect(JSON.stringify([failure, logs])).not.toMatch(new RegExp(`${code}|ghu_|client-secret`));
});

test.each([
  { reason: 'GitHub fails', status: 503, body: {}, kind: 'http_error' },
  {
    reason: 'the client secret is wrong',
    status: 200,
    body: { error: 'incorrect_client_credentials' },
    kind: 'unauthorized',
  },
  { reason: 'the answer is no token', status: 200, body: {}, kind: 'invalid_response' },
])('whom a code stands for cannot be said when $reason', async ({ status, body, kind }) => {
  const world = await appWorld();
  world.forge.behave({ on: 'POST /login/oauth/access_token', behave: { kind: 'answer', status, body } });
  expect(await failureOf(administers(world, 'acme'))).toMatchObject({ kind });
});
