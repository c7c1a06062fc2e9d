import { integrationRecord } from '../integrations/record.ts';
import { expect, onTestFinished, test } from 'vitest';
import { integrationIdOf } from '../../../core/integration.ts';
import { createIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations.ts';
import { rest, scene } from '../../forge/forge.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { startingTown } from '../container-api/supervisor.ts';
import { INSTALLATION, KEYS, SECRET } from './app-world.ts';

/** The functions of local mode, with the embedded table and the app on the test forge. */
async function town(owner: string) {
  const app = { id: 7, installationId: INSTALLATION, publicKey: KEYS.publicKey, account: 'acme' };
  const scenery = await scene({ now: Date.now, app });
  const { apiUrl: githubApiUrl, graphqlUrl: githubGraphqlUrl } = scenery.forge;
  const fixture: Fixture = await startFixture({
    github: { githubApiUrl, githubGraphqlUrl, appSecrets: { read: async () => SECRET } },
  });
  onTestFinished(() => fixture.close());
  const { document: client, tableName } = fixture;
  const integrations = createIntegrationStore({ client, tableName });
  const id = integrationIdOf(INSTALLATION);
  const claimBy = (ownerId: string) => integrations.claim(integrationRecord(INSTALLATION, ownerId));
  expect(await claimBy(owner)).toBe(true);
  const started = await startingTown(fixture, owner, { gitAuth: { platformIntegrationId: id } });
  const { token, path, supervisor } = started;
  await supervisor.bootstrap();
  const gitUrl = scenery.forge.gitUrl('acme', 'app').replace('http:', 'https:');
  const made = await fixture.call('POST', `${path}/rigs`, { token, body: { name: 'private', gitUrl } });
  expect(made.status).toBe(201);
  const { id: rigId } = made.body as { id: string };
  const credentials = async () => {
    const call = { token: supervisor.token, body: { rigId } };
    return (await fixture.call('POST', '/v1/container/git-credentials', call)).body as {
      credentials: { username: string; password: string } | null;
    };
  };
  return { ...scenery, fixture, integrations, id, credentials, claimBy };
}

test('git gets a token of the integration that the town names, for its repository alone', async () => {
  const { forge, integrations, id, credentials } = await town('owner');
  const given = (await credentials()).credentials;
  expect(given?.username).toBe('x-access-token');
  const password = given?.password ?? '';
  expect(await rest(forge, password, 'GET /repos/acme/app')).toMatchObject({ status: 200 });
  expect(await rest(forge, password, 'GET /installation/repositories')).toMatchObject({
    data: { total_count: 1 },
  });
  await integrations.setState(id, 'suspended', 2);
  expect((await credentials()).credentials).toBeNull();
});

test("a town of somebody else's gets nothing of it by its id", async () => {
  const { forge, credentials, integrations, id, claimBy } = await town('stranger');
  // It was theirs when the town named it; meanwhile others have installed the app.
  await integrations.setState(id, 'deleted', 2);
  expect(await claimBy('owner')).toBe(true);
  expect((await credentials()).credentials).toBeNull();
  expect(forge.calls.count()).toBe(0);
});

test('how far lost deliveries have been looked for is remembered in the table', async () => {
  const { fixture, forge } = await town('owner');
  expect(await fixture.tokenService({ op: 'redeliver' })).toMatchObject({ ok: true, value: { asked: 0 } });
  const cursor = async () =>
    (await fixture.items()).find(({ pk }) => pk === 'PLATFORM#REDELIVERY')?.['lookedAt'];
  const first = Number(await cursor());
  expect(first).toBeGreaterThan(0);
  await fixture.tokenService({ op: 'redeliver' });
  expect(Number(await cursor())).toBeGreaterThanOrEqual(first);
  expect(forge.calls.count('GET /app/hook/deliveries')).toBe(2);
});
