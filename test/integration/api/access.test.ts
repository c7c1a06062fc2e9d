import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Route } from '../../../lambdas/http/route.ts';
import { openLocalKeys } from '../../../local/keys.ts';
import { codeOf, listed } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

const enumOf = (schema: unknown): unknown[] => z.object({ enum: z.array(z.unknown()) }).parse(schema).enum;

describe('who may do what', () => {
  let fixture: Fixture;
  let town: Awaited<ReturnType<Fixture['town']>>;
  let ids: Record<string, string>;

  beforeAll(async () => {
    fixture = await startFixture();
    town = await fixture.town('owner');
    const { call } = fixture;
    const held = await call('POST', `${town.path}/beads`, {
      token: town.token,
      body: { rigId: town.rigId, title: 'held', held: true },
    });
    const staged = await call('POST', `${town.path}/convoys`, {
      token: town.token,
      body: { rigId: town.rigId, title: 'staged', staged: true, tasks: [{ title: 'one' }] },
    });
    const { id: beadId } = held.body as { id: string };
    const { id: convoyId } = staged.body as { id: string };
    ids = { townId: town.townId, beadId, convoyId };
  });
  afterAll(() => fixture.close());

  const userRoutes = () => fixture.http.flatMap(({ routes }) => routes).filter(({ auth }) => auth === 'user');
  const fill = (path: string, over: Record<string, string> = {}): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => over[name] ?? ids[name] ?? 'missing');
  /** Parameters that a route insists on, with the first value that each takes. */
  const queryOf = ({ spec }: Route): string => {
    if (spec?.query === undefined) return '';
    const { required = [], properties = {} } = z.toJSONSchema(spec.query, { io: 'input' });
    const values = Object.fromEntries(required.map((name) => [name, String(enumOf(properties[name])[0])]));
    return required.length === 0 ? '' : `?${new URLSearchParams(values).toString()}`;
  };
  /** What the document shows as an example, and so what the route would take. */
  const bodyOf = ({ spec }: Route): { body?: object } => {
    if (spec?.bodyExample === undefined) return {};
    const body = spec.bodyExample as object;
    return { body: 'rigId' in body ? { ...body, rigId: town.rigId } : body };
  };

  it('every route with a town id is 404 for somebody else and for a town that is not there, and writes nothing', async () => {
    const stranger = await fixture.userToken('stranger');
    const before = await fixture.items();
    const routes = userRoutes().filter(({ path }) => path.includes('{townId}'));
    expect(routes.length).toBeGreaterThan(12);
    for (const route of routes) {
      const { method, path } = route;
      const foreign = await fixture.call(method, `${fill(path)}${queryOf(route)}`, {
        token: stranger,
        ...bodyOf(route),
      });
      expect(`${method} ${path} ${codeOf(foreign)}`).toBe(`${method} ${path} 404 not_found`);
      const absent = await fixture.call(
        method,
        `${fill(path, { townId: 'no-such-town' })}${queryOf(route)}`,
        {
          token: town.token,
          ...bodyOf(route),
        },
      );
      expect(`${method} ${path} ${codeOf(absent)}`).toBe(`${method} ${path} 404 not_found`);
      // Both answers are the same but for the id: nobody learns that the town exists.
      const detailOf = ({ body }: { body: unknown }) => String((body as { detail: unknown }).detail);
      expect(detailOf(foreign).replace(town.townId, '*')).toBe(detailOf(absent).replace('no-such-town', '*'));
    }
    expect(await fixture.items()).toEqual(before);
  });

  it("a town's list holds one's own towns only", async () => {
    const stranger = await fixture.userToken('stranger');
    const theirs = await fixture.call('GET', '/v1/towns', { token: stranger });
    expect(listed.parse(theirs.body).items).toEqual([]);
    const own = await fixture.call('GET', '/v1/towns', { token: town.token });
    expect(listed.parse(own.body).items).toMatchObject([{ id: town.townId }]);
  });

  it('every user route refuses no token, an expired one, a foreign one, and tokens of containers and agents', async () => {
    const otherDir = await mkdtemp(join(tmpdir(), 'gastown-other-keys-'));
    const other = await openLocalKeys(otherDir);
    const claims = { townId: town.townId, epoch: 1 };
    const agent = { agentId: 'a', role: 'polecat', attempt: 1, work: { kind: 'bead', id: 'b' } } as const;
    const [header = '', payload = ''] = town.token.split('.');
    const refused: [string, string | undefined][] = [
      ['none', undefined],
      ['expired', await fixture.userToken('owner', -10)],
      ['of another issuer', await other.userToken('owner', 3600)],
      ['of a container', await fixture.tokens.containerToken(claims)],
      ['of an agent', await fixture.tokens.agentToken({ ...claims, ...agent })],
      ['unsigned', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`],
      ['with another signature', `${header}.${payload}.${'A'.repeat(342)}`],
      ['no token at all', 'garbage'],
    ];
    await rm(otherDir, { recursive: true, force: true });
    const before = await fixture.items();
    for (const route of userRoutes()) {
      const { method, path } = route;
      for (const [what, token] of refused) {
        const answer = await fixture.call(method, `${fill(path)}${queryOf(route)}`, {
          token,
          ...bodyOf(route),
        });
        expect(`${method} ${path} ${what}: ${codeOf(answer)}`).toBe(
          `${method} ${path} ${what}: 401 unauthorized`,
        );
      }
    }
    expect(await fixture.items()).toEqual(before);
  });

  it('a secret in a log line would be seen: the watch over every line of these tests works', () => {
    const { secrets } = fixture;
    const mac = town.token.split('.').at(-1) ?? '';
    for (const said of [town.token, mac])
      expect(() => secrets.expectNoneIn(`a ${said} b`)).toThrow('a secret');
    secrets.expectNoneIn('harmless');
    secrets.expectSafeLogs();
  });

  it('health and what is no route need no token', async () => {
    const health = await fixture.call('GET', '/v1/health');
    expect(health).toMatchObject({ status: 200, body: { status: 'ok', version: '1.2.3' } });
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/v1/towns/'],
      ['GET', '/v1/towns//status'],
      ['DELETE', '/v1/health'],
      ['GET', '/v1/towns/a/b/c/d/e'],
      ['POST', '/v1/nothing'],
    ] as const) {
      expect(`${path} ${codeOf(await fixture.call(method, path))}`).toBe(`${path} 404 not_found`);
    }
  });
});
