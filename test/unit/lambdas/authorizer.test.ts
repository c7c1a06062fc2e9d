import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../../core/errors.ts';
import type { StreamGrant } from '../../../lambdas/adapters/dynamodb/tickets.ts';
import type { SigningKey } from '../../../lambdas/adapters/tokens/signing-key.ts';
import { createTokenSigner } from '../../../lambdas/adapters/tokens/token-signer.ts';
import { createAuthorizerHandler } from '../../../lambdas/authorizer/handler.ts';

/** A signing key in memory; `isDown` as KMS is when it does not answer. */
function keyInMemory(isDown = false): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = randomBytes(32);
  return {
    keyId: 'key',
    sign: async (data) => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    publicJwk: async () => {
      if (isDown) throw new Unavailable('The key is not there right now.');
      return publicKey.export({ format: 'jwk' });
    },
    mac: async (data) => createHmac('sha256', secret).update(data).digest(),
  };
}

const container = { townId: 'town', epoch: 3 };
const agent = {
  ...container,
  agentId: 'a',
  role: 'polecat',
  attempt: 1,
  work: { kind: 'bead', id: 'b' },
} as const;
const grant: StreamGrant = { userId: 'u', townId: 'town', topic: 'town' };

const tokens = createTokenSigner(keyInMemory(), Date.now);
const foreign = createTokenSigner(keyInMemory(), Date.now);
const expired = await createTokenSigner(keyInMemory(), () => 0).containerToken(container);
const bearer = (token: string): string => `Bearer ${token}`;

/** Tickets that are used up. */
function authorizer(signer = tokens) {
  const open = new Map([['ticket', grant]]);
  const redeemTicket = async (ticket: string): Promise<StreamGrant | undefined> => {
    const found = open.get(ticket);
    open.delete(ticket);
    return found;
  };
  return createAuthorizerHandler({ tokens: signer, tickets: { redeemTicket } });
}

const containerToken = bearer(await tokens.containerToken(container));
const agentToken = bearer(await tokens.agentToken(agent));
const foreignToken = bearer(await foreign.containerToken(container));
const bootstrapToken = bearer(await tokens.bootstrapToken(container));

describe('a route of the HTTP API', () => {
  test.each([
    { path: '/v1/container/sync', token: containerToken, claims: container, reason: 'its container' },
    {
      path: '/v1/agent/done',
      token: agentToken,
      claims: agent,
      reason: 'its agent, with the work as an object',
    },
    { path: '/v1/container/sync', token: agentToken, claims: undefined, reason: 'an agent is no container' },
    { path: '/v1/agent/done', token: containerToken, claims: undefined, reason: 'a container is no agent' },
    { path: '/v1/towns', token: containerToken, claims: undefined, reason: 'not a route of containers' },
    { path: '/v1/containers', token: containerToken, claims: undefined, reason: 'only nearly one' },
    {
      path: '/v1/container/sync',
      token: bootstrapToken,
      claims: undefined,
      reason: 'good for bootstrap only',
    },
    { path: '/v1/container/sync', token: undefined, claims: undefined, reason: 'nothing was sent' },
    {
      path: '/v1/container/sync',
      token: bearer(expired),
      claims: undefined,
      reason: 'too old, and of another key',
    },
    {
      path: '/v1/container/sync',
      token: foreignToken,
      claims: undefined,
      reason: 'signed by somebody else',
    },
  ])('$path: $reason', async ({ path, token, claims }) => {
    const headers = token === undefined ? {} : { authorization: token };
    expect(await authorizer()({ rawPath: path, headers })).toEqual(
      claims === undefined ? { isAuthorized: false, context: {} } : { isAuthorized: true, context: claims },
    );
  });
});

describe('a socket', () => {
  const answer = (effect: 'Allow' | 'Deny', principalId: string) => ({
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: 'arn:connect' }],
    },
  });
  const refused = answer('Deny', 'nobody');

  test.each([
    {
      request: { headers: { Authorization: containerToken } },
      expected: { ...answer('Allow', 'town'), context: { townId: 'town', epoch: '3' } },
      reason: 'a container; its context is text',
    },
    {
      request: { headers: {}, queryStringParameters: { ticket: 'ticket' } },
      expected: { ...answer('Allow', 'town'), context: grant },
      reason: 'a browser with its ticket',
    },
    {
      request: { headers: { Authorization: agentToken } },
      expected: refused,
      reason: 'agents have no socket',
    },
    {
      request: { queryStringParameters: { ticket: 'another' } },
      expected: refused,
      reason: 'no such ticket',
    },
    { request: { headers: {}, queryStringParameters: null }, expected: refused, reason: 'nothing was sent' },
    {
      request: { headers: { authorization: 'Bearer x' }, queryStringParameters: { ticket: 'ticket' } },
      expected: refused,
      reason: 'a bad token is not made good by a ticket',
    },
  ])('$reason', async ({ request, expected }) => {
    expect(await authorizer()({ methodArn: 'arn:connect', ...request })).toEqual(expected);
  });

  test('a ticket opens one', async () => {
    const handler = authorizer();
    const request = { methodArn: 'arn:connect', queryStringParameters: { ticket: 'ticket' } };
    expect(await handler(request)).toMatchObject({ principalId: 'town' });
    expect(await handler(request)).toEqual(refused);
  });
});

test('who cannot be told to be somebody is not refused: the question is asked again', async () => {
  const down = authorizer(createTokenSigner(keyInMemory(true), Date.now));
  const http = { rawPath: '/v1/container/sync', headers: { authorization: containerToken } };
  await expect(down(http)).rejects.toThrow(Unavailable);
  await expect(
    down({ methodArn: 'arn:connect', headers: { Authorization: containerToken } }),
  ).rejects.toThrow(Unavailable);
});
