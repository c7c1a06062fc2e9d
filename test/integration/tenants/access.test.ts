import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../lambdas/http/route.ts';
import { listed } from '../api/client.ts';
import { expectRefusal, keyOf, startApi, type Api } from '../attack/api.ts';
import { populatedTown, type PopulatedTown } from '../attack/populated-town.ts';
import { exampleBody, fill, paramsIn, requiredQuery } from '../attack/requests.ts';

describe('what belongs to somebody else is not there', () => {
  let api: Api;
  /** Of a user alone, of another user alone, and of an organisation. */
  let mine: PopulatedTown;
  let theirs: PopulatedTown;
  let shared: PopulatedTown;
  beforeAll(async () => {
    api = await startApi();
    mine = await populatedTown(api, 'ann');
    theirs = await populatedTown(api, 'bob');
    shared = await populatedTown(api, 'carol', ['acme']);
  }, 60_000);
  afterAll(() => api.close());

  const ask = (route: Route, ids: Record<string, string>, of: PopulatedTown, token: string) =>
    api.call(route.method, fill(route.path, ids) + requiredQuery(route), {
      token,
      body: exampleBody(route, of.ids),
    });
  const withParams = () => api.routes.filter(({ path }) => path.includes('{'));
  const ofTowns = () => api.routes.filter(({ path }) => path.includes('{townId}'));
  const townsOf = async (token: string): Promise<unknown[]> =>
    listed.parse((await api.call('GET', '/v1/towns', { token })).body).items.map(({ id }) => id);
  /** All that is kept of a town. */
  const kept = async ({ ids }: PopulatedTown) =>
    (await api.stored()).filter(({ pk }) => String(pk).includes(ids.townId));

  it("every route is 404 with another user's token, whatever is asked for, and writes nothing", async () => {
    const before = await api.stored();
    for (const route of withParams()) {
      const answer = await ask(route, theirs.ids, theirs, mine.token);
      expectRefusal(keyOf(route), answer, '404 not_found');
    }
    expect(await api.stored()).toEqual(before);
  });

  it("things of another user's town are not found in one's own", async () => {
    const before = await api.stored();
    for (const route of withParams()) {
      for (const param of paramsIn(route.path)) {
        const ids = { ...mine.ids, [param]: (theirs.ids as Record<string, string>)[param] ?? '' };
        expectRefusal(`${keyOf(route)} ${param}`, await ask(route, ids, mine, mine.token), '404 not_found');
      }
    }
    expect(await api.stored()).toEqual(before);
  });

  it('a member of the organisation reads everything of its town, and changes it', async () => {
    const member = await api.token('dave', ['other', 'acme']);
    for (const route of ofTowns().filter(({ method }) => method === 'GET')) {
      const answer = await ask(route, shared.ids, shared, member);
      expect(`${keyOf(route)} ${answer.status}`).toBe(`${keyOf(route)} 200`);
    }
    expect(await townsOf(member)).toEqual([shared.ids.townId]);
    const body = { title: 'changed by a colleague' };
    const edited = await api.call('PATCH', `${shared.path}/beads/${shared.ids.beadId}`, {
      token: member,
      body,
    });
    expect(edited).toMatchObject({ status: 200, body });
  });

  it('a former member, and a member of anything that is only called alike, finds nothing', async () => {
    const before = await kept(shared);
    const rows: [who: string, token: string][] = [
      ['a former member', await api.token('dave')],
      ['one of another organisation', await api.token('dave', ['other'])],
      ['one of the organisation in capitals', await api.token('dave', ['ACME'])],
      ['one of a part of its name', await api.token('dave', ['acm', 'acme2', 'acme,other'])],
      ['one of a name like a key', await api.token('dave', ['org/acme', 'OWNER#org/acme', '*', '[acme]'])],
      ['a user who is called like it', await api.token('acme')],
      ['a user who is called like its key', await api.token('org/acme')],
      ["one whose organisation is called like the town's owner", await api.token('dave', ['carol'])],
    ];
    for (const [who, token] of rows) {
      expect([who, await townsOf(token)]).toEqual([who, []]);
      for (const route of ofTowns()) {
        const answer = await ask(route, shared.ids, shared, token);
        expectRefusal(`${who}: ${keyOf(route)}`, answer, '404 not_found');
      }
    }
    expect(await kept(shared)).toEqual(before);
  }, 30_000);

  it('who made a town keeps it when the organisation is left', async () => {
    expect(await townsOf(await api.token('carol'))).toEqual([shared.ids.townId]);
  });

  it("an import is its user's alone, also within an organisation", async () => {
    const colleague = await api.token('dave', ['acme']);
    const path = `/v1/towns/imports/${shared.ids.importId}`;
    expectRefusal('an import', await api.call('GET', path, { token: colleague }), '404 not_found');
    expect((await api.call('GET', path, { token: shared.token })).status).toBe(200);
  });

  it("an agent's token reaches nothing of another town", async () => {
    const theirBead = await api.call('GET', `/v1/agent/beads/${theirs.ids.beadId}`, {
      token: mine.agentToken,
    });
    expectRefusal('a bead', theirBead, '404 not_found');
    const ownBead = await api.call('GET', `/v1/agent/beads/${mine.ids.beadId}`, { token: mine.agentToken });
    expect(ownBead.status).toBe(200);
  });
});
