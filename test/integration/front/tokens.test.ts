import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalIssuer } from '../../../local/local-issuer.ts';
import { routeOf } from '../../unit/http-handler/events.ts';
import { userOf } from '../../../lambdas/http/claims.ts';
import { startFront } from './front.ts';

const never = () => Promise.reject(new Error('the front calls functions, not routes'));
const routes = (['user', 'container', 'agent', 'none'] as const).map((auth) =>
  routeOf({ method: 'GET', path: `/v1/${auth}`, auth, handle: never }),
);

describe('the tokens of a request', () => {
  let front: Awaited<ReturnType<typeof startFront>>;
  beforeAll(async () => {
    front = await startFront(routes);
  });
  afterAll(() => front.close());
  const get = async (path: string, token: string | undefined) => {
    front.events.splice(0);
    const headers = token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const];
    const { status } = await front.send({ path, headers });
    return { status, event: front.events[0] };
  };

  it("a user's token has the claims of the pool's access tokens", async () => {
    const token = await front.keys.userToken('bob', 3600, ['acme', 'globex']);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', kid: 'local' });
    const claims = decodeJwt(token);
    expect(Object.keys(claims).toSorted()).toEqual([
      'client_id',
      'cognito:groups',
      'exp',
      'iat',
      'iss',
      'jti',
      'scope',
      'sub',
      'token_use',
      'username',
    ]);
    expect(claims).toMatchObject({ sub: 'bob', token_use: 'access', 'cognito:groups': ['acme', 'globex'] });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
    const plain = await front.keys.userToken('bob', 3600);
    expect(decodeJwt(plain)).not.toHaveProperty('cognito:groups');
    expect(decodeJwt(plain).jti).not.toBe(claims.jti);
  });

  it('arrives as text, a list in brackets, and is read as the user that it names', async () => {
    const { event } = await get('/v1/user', await front.keys.userToken('bob', 3600, ['acme', 'globex']));
    const jwt = event?.requestContext.authorizer?.jwt;
    expect(jwt).toMatchObject({
      scopes: null,
      claims: {
        sub: 'bob',
        'cognito:groups': '[acme globex]',
        exp: expect.stringMatching(/^\d{10}$/),
        iat: expect.stringMatching(/^\d{10}$/),
      },
    });
    for (const claim of Object.values(jwt?.claims ?? {})) expect(claim).toBeTypeOf('string');
    if (event === undefined) throw new Error('no event');
    expect(userOf(event)).toEqual({ id: 'bob', orgIds: ['acme', 'globex'] });
  });

  it('containers and agents keep their claims as they are; a route for everybody gets none', async () => {
    const claims = { townId: 't', epoch: 3 };
    const { event } = await get('/v1/container', await front.tokens.containerToken(claims));
    expect(event?.requestContext.authorizer).toEqual({ lambda: claims });
    const open = await get('/v1/none', 'garbage');
    expect([open.status, open.event?.requestContext.authorizer]).toEqual([200, undefined]);
  });

  it('which tokens the JWT authorizer lets through', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKey = createPublicKey(privateKey);
    // Keys of Node are as good as keys of its web crypto to the package.
    const issuer = createLocalIssuer(privateKey as unknown as CryptoKey, publicKey as unknown as CryptoKey);
    const good = decodeJwt(await issuer.userToken('bob', 3600));
    const nowSeconds = Math.floor(Date.now() / 1000);
    const without = (name: string): JWTPayload =>
      Object.fromEntries(Object.entries(good).filter(([claim]) => claim !== name));
    const rows: [
      what: string,
      claims: JWTPayload,
      isLetIn: boolean,
      header?: { alg?: string; kid?: string },
    ][] = [
      ['its own', good, true],
      [
        'an id token, whose client is its audience',
        { ...without('client_id'), aud: good['client_id'] as string },
        true,
      ],
      ['of another issuer', { ...good, iss: 'https://elsewhere.example' }, false],
      ['without an issuer', without('iss'), false],
      ['of another client', { ...good, client_id: 'another' }, false],
      ['without a client', without('client_id'), false],
      ['of another audience, whatever the client', { ...good, aud: 'another' }, false],
      ['expired', { ...good, exp: nowSeconds - 1 }, false],
      ['without an end', without('exp'), false],
      ['not valid yet', { ...good, nbf: nowSeconds + 60 }, false],
      ['made in the future', { ...good, iat: nowSeconds + 60 }, false],
      ['without a user', without('sub'), false],
      ['RS512', good, false, { alg: 'RS512' }],
      ['PS256', good, false, { alg: 'PS256' }],
      ['another key id', good, false, { kid: 'another' }],
    ];
    for (const [what, claims, isLetIn, header = {}] of rows) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'local', ...header })
        .sign(privateKey);
      const outcome = await issuer.verifyUser(token).then(
        () => true,
        () => false,
      );
      expect(`${what}: ${outcome}`).toBe(`${what}: ${isLetIn}`);
    }
    const hmac = await new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256', kid: 'local' })
      .sign(Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })));
    await expect(issuer.verifyUser(hmac)).rejects.toThrow(/alg|Key/);
  });

  it('who is refused where', async () => {
    const user = await front.keys.userToken('bob', 3600);
    const container = await front.tokens.containerToken({ townId: 't', epoch: 1 });
    const rows: [path: string, token: string | undefined, status: number][] = [
      ['/v1/user', user, 200],
      ['/v1/user', container, 401],
      ['/v1/user', undefined, 401],
      ['/v1/user', 'a b', 401],
      ['/v1/container', container, 200],
      ['/v1/container', user, 401],
      ['/v1/container', undefined, 401],
      ['/v1/agent', container, 401],
      ['/v1/agent', user, 401],
    ];
    for (const [path, token, status] of rows)
      expect([path, (await get(path, token)).status]).toEqual([path, status]);
  });
});
