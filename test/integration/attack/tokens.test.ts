import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route, RouteAuth } from '../../../lambdas/http/route.ts';
import { expectRefusal, keyOf, startApi, type Api } from './api.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';
import { exampleBody, fill, requiredQuery } from './requests.ts';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HOUR_SECONDS = 3600;

/** No route takes a token that was not made for it, whatever the token says and whoever made it. */
describe('tokens', () => {
  let api: Api;
  let town: PopulatedTown;
  /** Authorization headers by what is wrong with them; undefined: no header. */
  let wrong: readonly (readonly [what: string, header: string | undefined])[];
  let containerToken: string;

  beforeAll(async () => {
    api = await startApi();
    town = await populatedTown(api, 'owner');
    const { townId } = town.ids;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const claims = {
      sub: 'owner',
      iss: 'gastown-local',
      client_id: 'gastown-local-client',
      token_use: 'access',
      iat: nowSeconds - 1,
      exp: nowSeconds + HOUR_SECONDS,
    };
    const foreign = await generateKeyPair('RS256');
    const [header = '', payload = '', signature = ''] = town.token.split('.');
    const rs256 = { alg: 'RS256', kid: 'local' };
    const { exp: _exp, ...unending } = claims;
    const { sub: _sub, ...nobody } = claims;
    containerToken = await api.fixture.tokens.containerToken({ townId, epoch: 1 });
    const tokens = {
      'expired just now': await api.token('owner', [], -1),
      'not yet valid': await api.forge({ ...claims, nbf: nowSeconds + HOUR_SECONDS }),
      'of the future': await api.forge({ ...claims, iat: nowSeconds + HOUR_SECONDS }),
      'without an end': await api.forge(unending),
      'of nobody': await api.forge(nobody),
      'of another issuer': await api.forge({ ...claims, iss: 'https://evil.example' }),
      'for another client': await api.forge({ ...claims, client_id: 'other' }),
      'for another audience': await api.forge({ ...claims, aud: 'other' }),
      'signed by somebody else': await api.forge(claims, rs256, foreign.privateKey),
      'of another key id': await api.forge(claims, { ...rs256, kid: 'other' }),
      'signed with the public key as a secret': await api.forge(
        claims,
        { ...rs256, alg: 'HS256' },
        new TextEncoder().encode(await api.publicKeyPem()),
      ),
      unsigned: `${encode({ alg: 'none' })}.${payload}.`,
      'unsigned, in other letters': `${encode({ alg: 'nOnE' })}.${payload}.${signature}`,
      'with its signature cut off': `${header}.${payload}`,
      'with an empty signature': `${header}.${payload}.`,
      'with a changed payload': `${header}.${encode({ ...claims, sub: 'stranger' })}.${signature}`,
      'of a container': containerToken,
      'of an agent': town.agentToken,
      garbage: 'garbage',
      'three dots': '...',
      'very long': 'a'.repeat(6000),
    };
    wrong = [
      ['no token', undefined],
      ['an empty header', ''],
      ['a scheme alone', 'Bearer'],
      ['another scheme', `Basic ${town.token}`],
      ['a token twice', `Bearer ${town.token}, Bearer ${town.token}`],
      ['a token without a scheme', `a ${town.token}`],
      ...Object.entries(tokens).map(([what, token]) => [what, `Bearer ${token}`] as const),
    ];
  });
  afterAll(() => api.close());

  const ask = (route: Route, header: string | undefined) =>
    api.call(route.method, fill(route.path, town.ids) + requiredQuery(route), {
      body: exampleBody(route, town.ids),
      ...(header === undefined ? {} : { headers: { authorization: header } }),
    });
  const refuse = async (routes: readonly Route[], rows: typeof wrong): Promise<number> => {
    const before = await api.stored();
    for (const route of routes) {
      for (const [what, header] of rows) {
        expectRefusal(`${keyOf(route)} ${what}`, await ask(route, header), '401 unauthorized');
      }
    }
    expect(await api.stored()).toEqual(before);
    return routes.length;
  };
  const routesOf = (auth: RouteAuth): Route[] => api.all.filter((route) => route.auth === auth);

  it('a good one is taken, so that what follows means something', async () => {
    const answer = await api.call('GET', town.path, { token: town.token });
    expect(answer).toMatchObject({ status: 200, body: { id: town.ids['townId'] } });
  });

  it('every route of people refuses every other token', async () => {
    expect(await refuse(api.routes, wrong)).toBeGreaterThan(40);
  }, 60_000);

  it('routes of containers and agents refuse the tokens of people, and of each other', async () => {
    const people = wrong.filter(([what]) => !/of (a container|an agent)$/.test(what));
    const user = ['of a user', `Bearer ${town.token}`] as const;
    const agent = ['of an agent', `Bearer ${town.agentToken}`] as const;
    const container = ['of a container', `Bearer ${containerToken}`] as const;
    expect(await refuse(routesOf('container'), [...people, user, agent])).toBeGreaterThan(1);
    expect(await refuse(routesOf('agent'), [...people, user, container])).toBeGreaterThan(4);
  }, 60_000);
});
