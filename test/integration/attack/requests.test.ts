import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, listed } from '../api/client.ts';
import { expectRefusal, keyOf, problemOf, startApi, type Api } from './api.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';
import { exampleBody, fill, requiredQuery } from './requests.ts';

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];
const LIMITS = [
  '0',
  '00',
  '201',
  '999',
  '1000',
  '-1',
  '+1',
  '1.5',
  '1e2',
  '0x10',
  'NaN',
  'all',
  '',
  '%20',
  '1%20',
];
const MORE_LIMITS = [
  '%D9%A3',
  '1%00',
  '9'.repeat(400),
  '1,2',
  '1&limit=2',
  '1&limit=1',
  'null',
  '[1]',
  '1%0a',
];

describe('methods, queries and cursors', () => {
  let api: Api;
  let town: PopulatedTown;
  let other: PopulatedTown;
  beforeAll(async () => {
    api = await startApi();
    town = await populatedTown(api, 'owner', ['acme']);
    other = await populatedTown(api, 'owner', ['acme']);
    const { path, token, ids } = town;
    const rig = { name: 'second', gitUrl: '/srv/git/second.git' };
    const convoy = { rigId: ids.rigId, title: 'second', staged: true, tasks: [{ title: 'one' }] };
    await api.call('POST', `${path}/rigs`, { token, body: rig });
    await api.call('POST', `${path}/convoys`, { token, body: convoy });
    for (const message of ['one', 'two', 'three']) {
      await api.call('POST', `${path}/mayor/messages`, { token, body: { message } });
    }
    await api.fixture.reconcile(ids.townId);
  });
  afterAll(() => api.close());

  const get = (path: string, token = town.token) => api.call('GET', path, { token });
  const lists = () => api.routes.filter(({ spec }) => spec?.query?.shape['cursor'] !== undefined);

  it('a path has the methods of the table and no others', async () => {
    const before = await api.stored();
    for (const path of new Set(api.routes.map((route) => route.path))) {
      const known = api.routes.filter((route) => route.path === path).map(({ method }): string => method);
      for (const method of METHODS.filter((one) => !known.includes(one))) {
        const answer = await api.send({ method, path: fill(path, town.ids), token: town.token });
        expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 404`);
        expect(answer.headers['x-request-id']).toMatch(/^\S{8,}$/);
        // The answer to HEAD has no body.
        expect(method === 'HEAD' ? 'not_found' : problemOf(answer).code).toBe('not_found');
      }
    }
    expect(await api.stored()).toEqual(before);
  }, 30_000);

  it('no header names another method, path or user', async () => {
    const stranger = await api.token('stranger');
    const headers = [
      ['x-http-method-override', 'DELETE'],
      ['x-original-url', '/v1/health'],
      ['x-forwarded-user', 'owner'],
      ['x-amzn-oidc-identity', 'owner'],
      ['cookie', `token=${town.token}`],
    ] as const;
    const before = await api.stored();
    const answer = await api.send({ method: 'GET', path: town.path, token: stranger, headers });
    expect(problemOf(answer).code).toBe('not_found');
    const own = await api.send({ method: 'GET', path: town.path, token: town.token, headers });
    expect(own.status).toBe(200);
    expect(await api.stored()).toEqual(before);
  });

  it('nearly a path is none', async () => {
    for (const path of [
      `${town.path}/`,
      `/${town.path}`,
      town.path.toUpperCase(),
      `${town.path}/beads/`,
      `${town.path};a=b`,
    ]) {
      const answer = await api.send({ method: 'GET', path, token: town.token });
      expect(`${path} ${answer.status}`).toBe(`${path} 404`);
    }
  });

  it('every route refuses a parameter that it does not know, by name', async () => {
    const before = await api.stored();
    for (const route of api.routes) {
      for (const name of ['verbose', '__proto__', 'constructor', 'townId', 'Limit']) {
        const required = requiredQuery(route);
        const path = `${fill(route.path, town.ids)}${required}${required === '' ? '?' : '&'}${name}=1`;
        const answer = await api.call(route.method, path, {
          token: town.token,
          body: exampleBody(route, town.ids),
        });
        expectRefusal(`${keyOf(route)} ${name}`, answer, '400 invalid_input');
        expect(expectProblem(answer).issues?.map((issue) => issue.path)).toEqual([name]);
      }
    }
    expect(await api.stored()).toEqual(before);
  });

  it('every list refuses a limit that is none', async () => {
    expect(lists().length).toBeGreaterThan(8);
    for (const route of lists()) {
      for (const limit of [...LIMITS, ...MORE_LIMITS]) {
        const answer = await get(`${fill(route.path, town.ids)}?limit=${limit}`);
        expectRefusal(`${keyOf(route)} ${limit.slice(0, 20)}`, answer, '400 invalid_input');
        expect(expectProblem(answer).issues?.map(({ path }) => path)).toEqual(['limit']);
      }
    }
  });

  it('every parameter but a free one is refused when it is given twice, and when it is nothing', async () => {
    for (const route of api.routes) {
      for (const name of Object.keys(route.spec?.query?.shape ?? {})) {
        // A path that is none is as if it had not been said.
        if (name === 'return') continue;
        const required = Object.fromEntries(new URLSearchParams(requiredQuery(route)));
        const base = new URLSearchParams(required);
        base.delete(name);
        base.append(name, '');
        const answer = await get(`${fill(route.path, town.ids)}?${base.toString()}`);
        expectRefusal(`${keyOf(route)} ${name}`, answer, '400 invalid_input');
        expect(expectProblem(answer).issues?.map(({ path }) => path)).toEqual([name]);
      }
    }
  });

  it('a time that is none, or a window that ends before it begins, costs nothing', async () => {
    const rows = [
      'from=yesterday',
      'to=2026-13-01T00:00:00Z',
      'from=2026-01-01',
      'from=0',
      'by=rig',
      'by=',
      'by=bead,agent',
    ];
    const window = 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z';
    const before = await api.stored();
    for (const query of [...rows, window]) {
      const by = query.startsWith('by') ? '' : 'by=bead&';
      expectRefusal(query, await get(`${town.path}/costs?${by}${query}`), '400 invalid_input');
    }
    expect(await api.stored()).toEqual(before);
  });

  it('a cursor leads on in its own list, for its own reader, and nowhere else', async () => {
    const before = await api.stored();
    const colleague = await api.token('colleague', ['acme']);
    const cursors: [from: string, cursor: string][] = [];
    for (const route of lists()) {
      const path = fill(route.path, town.ids);
      const { nextCursor } = listed.parse((await get(`${path}?limit=1`)).body);
      if (nextCursor !== null) cursors.push([path, nextCursor]);
    }
    expect(cursors.map(([from]) => from.split('/').at(-1))).toEqual(
      expect.arrayContaining(['towns', 'rigs', 'beads', 'convoys', 'agents', 'events', 'mayor']),
    );
    const refuse = async (said: string, path: string, cursor: string, token = town.token) => {
      const answer = await get(`${path}?cursor=${encodeURIComponent(cursor)}`, token);
      expectRefusal(said, answer, '400 invalid_input');
      expect(expectProblem(answer).issues?.map((issue) => issue.path)).toEqual(['cursor']);
    };
    for (const [from, cursor] of cursors) {
      const own = await get(`${from}?cursor=${encodeURIComponent(cursor)}`);
      expect(`${from} ${own.status}`).toBe(`${from} 200`);
      for (const to of lists()) {
        const path = fill(to.path, town.ids);
        if (path !== from) await refuse(`of ${from} in ${path}`, path, cursor);
        const theirs = fill(to.path, other.ids);
        if (theirs !== from) await refuse(`of ${from} in another town`, theirs, cursor);
      }
      await refuse(`of ${from} for a colleague`, from, cursor, colleague);
      const [position = '', seal = ''] = cursor.split('.');
      const forged = Buffer.from('0').toString('base64url');
      for (const [what, made] of [
        ['cut off', cursor.slice(0, -1)],
        ['longer', `${cursor}A`],
        ['padded', `${cursor}=`],
        ['with a space', `${cursor} `],
        ['without a seal', position],
        ['with an empty seal', `${position}.`],
        ['twice', `${cursor}.${seal}`],
        ['moved', `${forged}.${seal}`],
        ['turned around', `${seal}.${position}`],
        ['in other letters', cursor.toUpperCase()],
        ['far too long', cursor.repeat(60)],
        ['nothing but a dot', '.'],
        ['a NUL', '\0'],
      ] as const) {
        await refuse(`${what} of ${from}`, from, made);
      }
    }
    expect(await api.stored()).toEqual(before);
  }, 60_000);
});
