import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { integrationIdOf } from '../../../core/integration.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { listed } from '../api/client.ts';
import { modelRepository } from '../api/model-github-app.ts';
import { expectRefusal, startApi, type Api } from '../attack/api.ts';
import { comeBack, integrationsOf, wayOf } from './way.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
afterEach(() => {
  Object.assign(api.fixture.githubApp, { isSetUp: true, failure: undefined });
});

const NAMES = ['app', 'docs', 'infra', 'site', 'tools'];

/** A user with an integration, the whole way through GitHub. */
async function installedFor(userId: string, orgId?: string): Promise<{ token: string; id: string }> {
  const { githubApp } = api.fixture;
  const token = await api.token(userId, orgId === undefined ? [] : [orgId]);
  const state = await wayOf(api, token).begin(orgId === undefined ? {} : { orgId });
  const number = githubApp.install([userId], { repositories: NAMES.map((name) => modelRepository(name)) });
  const code = githubApp.codeOf(userId);
  expect(await comeBack(api, { state, code, installation_id: `${number}` })).toContain('success');
  return { token, id: integrationIdOf(number) };
}

describe('GET /v1/integrations/github/install-url', () => {
  const ask = (token: string | undefined, query = '') =>
    api.call('GET', `/v1/integrations/github/install-url${query}`, { token });

  it('is for users, and for organisations that they are in', async () => {
    const token = await api.token('ann', ['acme']);
    expect((await ask(token)).status).toBe(200);
    expect((await ask(token, '?orgId=acme')).status).toBe(200);
    expectRefusal('no token', await ask(undefined), '401 unauthorized');
    for (const orgId of ['other', 'ACME', 'acm', 'org/acme', 'ann']) {
      expectRefusal(orgId, await ask(token, `?orgId=${encodeURIComponent(orgId)}`), '404 not_found');
    }
    expectRefusal('no name', await ask(token, '?orgId='), '400 invalid_input');
    expectRefusal('another parameter', await ask(token, '?retrun=/a'), '400 invalid_input');
  });

  test.each(['', '//evil.example', 'javascript:alert(1)', '%ff', '/%0d%0a', 'a'.repeat(5000)])(
    'a return path that is none is no error: %s',
    async (path) => {
      const token = await api.token('ann');
      expect((await ask(token, `?return=${encodeURIComponent(path)}`)).status).toBe(200);
    },
  );

  it('gives a new state each time', async () => {
    const way = wayOf(api, await api.token('ann'));
    const states = [await way.begin(), await way.begin(), await way.begin()];
    expect(new Set(states).size).toBe(3);
  });

  it('where no app is set up it says what to do, and keeps nothing', async () => {
    const token = await api.token('ann');
    const before = await api.stored();
    api.fixture.githubApp.isSetUp = false;
    const answer = await ask(token);
    expectRefusal('no app', answer, '503 unavailable');
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('gastown github-app create') });
    expect(await api.stored()).toEqual(before);
  });
});

describe('GET /v1/integrations', () => {
  it("has one's own and those of one's organisations, and nobody else's", async () => {
    const mine = await installedFor('bea');
    const shared = await installedFor('bob', 'bees');
    const seen = async (userId: string, ...orgs: string[]): Promise<string[]> =>
      integrationsOf(api, await api.token(userId, orgs));
    expect(await seen('bea')).toEqual([mine.id]);
    expect(await seen('bea', 'bees')).toEqual([mine.id, shared.id]);
    expect(await seen('cem', 'bees')).toEqual([shared.id]);
    expect(await seen('bob')).toEqual([]);
    for (const name of ['bees', 'org/bees', 'OWNER#org/bees'])
      expect([name, await seen(name)]).toEqual([name, []]);
    expect(await seen('cem', 'org/bees', 'bea', '*', 'BEES')).toEqual([]);
  });

  it('comes in pages', async () => {
    const ids = [await installedFor('dee'), await installedFor('dee'), await installedFor('dee')].map(
      ({ id }) => id,
    );
    const token = await api.token('dee');
    const first = listed.parse((await api.call('GET', '/v1/integrations?limit=2', { token })).body);
    const query = `?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`;
    const second = listed.parse((await api.call('GET', `/v1/integrations${query}`, { token })).body);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect([first.items.length, second.nextCursor]).toEqual([2, null]);
  });
});

describe('GET /v1/integrations/{integrationId}/repositories', () => {
  const ask = (token: string, id: string, query = '') =>
    api.call('GET', `/v1/integrations/${id}/repositories${query}`, { token });

  it('has what the integration reaches, in pages', async () => {
    const { token, id } = await installedFor('eve');
    const whole = await ask(token, id);
    expect(whole.body).toEqual({
      items: NAMES.map((name) => ({
        fullName: `example/${name}`,
        gitUrl: `https://github.com/example/${name}.git`,
        defaultBranch: 'main',
        private: true,
      })),
      nextCursor: null,
    });
    const first = listed.parse((await ask(token, id, '?limit=3')).body);
    const rest = await ask(token, id, `?limit=3&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    expect([...first.items, ...listed.parse(rest.body).items]).toEqual(listed.parse(whole.body).items);
  });

  it("somebody else's is not there, and GitHub is not asked", async () => {
    const { id } = await installedFor('fay');
    const shared = await installedFor('fay', 'foxes');
    const { asked } = api.fixture.githubApp;
    asked.length = 0;
    const stranger = await api.token('gus', ['fay', 'other']);
    for (const one of [id, shared.id, 'github-1', 'github', '..', 'github-4711%00']) {
      expectRefusal(one, await ask(stranger, one), '404 not_found');
    }
    expectRefusal(
      'one that is called like it',
      await ask(await api.token('org/foxes'), shared.id),
      '404 not_found',
    );
    expect(asked).toEqual([]);
  });

  it('suspended: nothing; uninstalled: not there; a GitHub that fails: try again', async () => {
    const { token, id } = await installedFor('hal');
    const { integrations, githubApp, now } = api.fixture;
    githubApp.failure = new ForgeError('http_error', 'GitHub answers 502. Try again.');
    expectRefusal('failing', await ask(token, id), '503 unavailable');
    await integrations.setState(id, 'suspended', now());
    expect((await ask(token, id)).body).toEqual({ items: [], nextCursor: null });
    expect((await api.call('GET', '/v1/integrations', { token })).body).toMatchObject({
      items: [{ state: 'suspended' }],
    });
    await integrations.setState(id, 'deleted', now());
    expectRefusal('uninstalled', await ask(token, id), '404 not_found');
  });
});

describe('a rig or a town that names an integration', () => {
  const at = (answer: { body: unknown }): unknown => (answer.body as { issues?: unknown }).issues;
  const gitUrl = 'https://github.com/example/app.git';

  it('takes one of its own, shows it, and lets it go', async () => {
    const { token, id } = await installedFor('ida');
    const call = (method: string, path: string, body?: object) =>
      api.call(method, `/v1/towns${path}`, { token, body });
    const config = { gitAuth: { platformIntegrationId: id } };
    const made = await call('POST', '', { name: 'town', config });
    const town = `/${(made.body as { id: string }).id}`;
    expect((await call('GET', `${town}/config`)).body).toMatchObject({ config, effective: config });
    const created = await call('POST', `${town}/rigs`, { name: 'rig', gitUrl, integrationId: id });
    expect(created).toMatchObject({ status: 201, body: { integrationId: id } });
    const rig = `${town}/rigs/${(created.body as { id: string }).id}`;
    expect((await call('PATCH', rig, { name: 'renamed' })).body).toMatchObject({ integrationId: id });
    expect((await call('PATCH', rig, { integrationId: null })).body).toMatchObject({ integrationId: null });
    expect((await call('GET', rig)).body).toMatchObject({ integrationId: null });
    expect((await call('PATCH', rig, { integrationId: id })).body).toMatchObject({ integrationId: id });
    const cleared = await call('PATCH', `${town}/config`, { gitAuth: { platformIntegrationId: null } });
    expect(cleared.body).toMatchObject({ effective: { gitAuth: { platformIntegrationId: null } } });
  });

  it("refuses one that the caller has not, and one that is not the town's", async () => {
    const mine = await installedFor('jan');
    const theirs = await installedFor('kai');
    const gone = await installedFor('jan');
    await api.fixture.integrations.setState(gone.id, 'deleted', api.fixture.now());
    const { townId, rigId } = await api.fixture.town('jan');
    const rows: readonly (readonly [what: string, id: string, said: RegExp])[] = [
      ['of somebody else', theirs.id, /you have no integration/],
      ['of nobody', 'github-1', /you have no integration/],
      ['uninstalled', gone.id, /you have no integration/],
    ];
    for (const [what, id, said] of rows) {
      const path = `/v1/towns/${townId}`;
      const send = (method: string, to: string, body: object) =>
        api.call(method, to, { token: mine.token, body });
      const gitAuth = { platformIntegrationId: id };
      const answers = [
        [await send('POST', `${path}/rigs`, { name: 'new', gitUrl, integrationId: id }), 'integrationId'],
        [await send('PATCH', `${path}/rigs/${rigId}`, { integrationId: id }), 'integrationId'],
        [await send('PATCH', `${path}/config`, { gitAuth }), 'gitAuth.platformIntegrationId'],
        [
          await send('POST', '/v1/towns', { name: 'new', config: { gitAuth } }),
          'config.gitAuth.platformIntegrationId',
        ],
      ] as const;
      for (const [answer, field] of answers) {
        expectRefusal(`${what} at ${field}`, answer, '400 invalid_input');
        expect(at(answer)).toEqual([{ path: field, message: expect.stringMatching(said) }]);
      }
    }
    const town = await api.fixture.live(townId);
    expect([town.live.rig.size, town.live.rig.get(rigId)?.integrationId, town.config.gitAuth]).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });

  it('a member gives a town of the organisation what is of the organisation, and to nobody else', async () => {
    const shared = await installedFor('lea', 'lions');
    const own = await installedFor('mia');
    const member = await api.token('mia', ['lions']);
    const patch = (townId: unknown, id: string, token = member) => {
      const body = { gitAuth: { platformIntegrationId: id } };
      return api.call('PATCH', `/v1/towns/${String(townId)}/config`, { token, body });
    };
    const create = async (token: string, body: object): Promise<string> =>
      ((await api.call('POST', '/v1/towns', { token, body })).body as { id: string }).id;
    const ofOrg = await create(shared.token, { name: 'town', orgId: 'lions' });
    const ofMember = await create(member, { name: 'mine' });
    expect((await patch(ofOrg, shared.id)).status).toBe(200);
    for (const [town, id] of [
      [ofOrg, own.id],
      [ofMember, shared.id],
    ] as const) {
      const refused = await patch(town, id);
      expectRefusal(id, refused, '400 invalid_input');
      expect(at(refused)).toEqual([
        { path: 'gitAuth.platformIntegrationId', message: expect.stringContaining('different owners') },
      ]);
    }
    // What its maker gave stays when a member sends it back with other settings.
    const makers = await installedFor('lea');
    const maker = await api.token('lea', ['lions']);
    expect((await patch(ofOrg, makers.id, maker)).status).toBe(200);
    expect((await patch(ofOrg, makers.id)).status).toBe(200);
    expectRefusal('anew', await patch(ofMember, makers.id), '400 invalid_input');
  });
});
