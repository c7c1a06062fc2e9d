import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWTHeaderParameters } from 'jose';
import { expect } from 'vitest';
import type { Route } from '../../../lambdas/http/route.ts';
import { createHttpFront } from '../../../local/front/http-front.ts';
import { createLocalIssuer } from '../../../local/local-issuer.ts';
import { callerOf, expectProblem, type Answer, type Caller } from '../api/client.ts';
import { createContractCheck } from '../api/contract.ts';
import { startFixture } from '../api/fixture.ts';
import type { Item } from '../api/table.ts';
import { canariesIn, CANARIES } from '../settings/canaries.ts';

const TIMEOUT_MS = 20_000;
const HOUR_SECONDS = 3600;

/** A request as it goes over the wire: nothing tidies its path up, and headers may come twice. */
export interface Wire {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export type Api = Awaited<ReturnType<typeof startApi>>;

/**
 * The functions behind a front of its own, with an issuer whose key the tests hold: they make any token there is. Every answer is
 * checked against the API's document and searched for secrets; the log is searched when it closes.
 */
export async function startApi() {
  const fixture = await startFixture();
  const issuer = await generateKeyPair('RS256', { extractable: true });
  const { userToken, verifyUser } = createLocalIssuer(issuer.privateKey, issuer.publicKey);
  const front = createHttpFront({ functions: fixture.http, tokens: fixture.tokens, verifyUser });
  // A connection that the front closes while the client takes it up again would look like a crash.
  front.keepAliveTimeout = 0;
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  // A TCP server's address is an AddressInfo.
  const { port } = front.address() as AddressInfo;
  const all = fixture.http.flatMap(({ routes }) => routes);
  const check = createContractCheck(all);
  for (const canary of Object.values(CANARIES)) fixture.secrets.add(canary);
  const searched: typeof check = (method, path, answer) => {
    check(method, path, answer);
    // Agents and containers are handed secrets; people never are.
    if (!/^\/v1\/(agent|container)\//.test(path)) {
      const said = JSON.stringify([answer.body, answer.headers.get('location')]);
      expect(canariesIn(said), `${method} ${path} tells secrets`).toEqual([]);
    }
  };
  const call: Caller = callerOf(() => `http://127.0.0.1:${port}`, fixture.secrets, searched);

  async function send({ method, path, token, headers = [], body = '' }: Wire): Promise<WireAnswer> {
    const bytes = Buffer.from(body);
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: [
        ['host', 'api.example'],
        ...(token === undefined ? [] : [['authorization', `Bearer ${token}`]]),
        ...(bytes.length === 0 ? [] : [['content-length', `${bytes.length}`]]),
        ...headers,
      ].flat(),
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    request.end(bytes);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    expect(canariesIn(text), `${method} ${path} tells secrets`).toEqual([]);
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  }

  return {
    fixture,
    all,
    /** Routes of people, in the order of the API's table. */
    routes: all.filter(({ auth }) => auth === 'user'),
    call,
    send,
    async token(userId: string, orgIds: readonly string[] = [], lifeSeconds = HOUR_SECONDS): Promise<string> {
      const token = await userToken(userId, lifeSeconds, orgIds);
      fixture.secrets.add(token);
      return token;
    },
    /** A token with any claims and header, signed by the issuer's own key or another. */
    async forge(
      claims: Record<string, unknown>,
      header: JWTHeaderParameters = { alg: 'RS256', kid: 'local' },
      key: CryptoKey | Uint8Array = issuer.privateKey,
    ): Promise<string> {
      const token = await new SignJWT(claims).setProtectedHeader(header).sign(key);
      fixture.secrets.add(token);
      return token;
    },
    publicKeyPem: () => exportSPKI(issuer.publicKey),
    /** All that is stored, but for what a used key remembers of its request. */
    async stored(): Promise<Item[]> {
      return (await fixture.items()).filter(({ pk }) => !String(pk).startsWith('IDEMPOTENCY#'));
    },
    async close(): Promise<void> {
      front.close();
      front.closeAllConnections();
      await fixture.close();
    },
  };
}

/** What a refusal must be; the words of a row come first, so that a failing row says which it is. */
export function expectRefusal(said: string, answer: Answer, expected: string): void {
  const { status, code } = expectProblem(answer);
  expect(`${said}: ${status} ${code}`).toBe(`${said}: ${expected}`);
}

/** The problem document of an answer that came over the wire. */
export function problemOf({ status, headers, text }: WireAnswer) {
  const named = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return expectProblem({ status, headers: new Headers(named), body: JSON.parse(text) as unknown });
}

export const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;
