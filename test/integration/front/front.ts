import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenSigner } from '../../../lambdas/adapters/tokens/token-signer.ts';
import type { HttpEvent, Route } from '../../../lambdas/http/route.ts';
import { createHttpFront } from '../../../local/front/http-front.ts';
import { openLocalKeys } from '../../../local/keys.ts';

const TIMEOUT_MS = 10_000;

export interface Sent {
  readonly method?: string;
  readonly path: string;
  /** Name and value, as they go over the wire; a name may come again. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
}

/** The HTTP front before a function that keeps each event it was given. */
export async function startFront(routes: readonly Route[], consoleOrigins: readonly string[] = []) {
  const dataDir = await mkdtemp(join(tmpdir(), 'gastown-front-'));
  const keys = await openLocalKeys(dataDir);
  const tokens = createTokenSigner(keys.signing, Date.now);
  const events: HttpEvent[] = [];
  const handler = (event: HttpEvent) => {
    events.push(event);
    const headers = { 'content-type': 'application/json', 'x-request-id': event.requestContext.requestId };
    return Promise.resolve({ statusCode: 200, headers, body: '{"ok":true}' });
  };
  const front = createHttpFront({
    functions: [{ routes, handler }],
    tokens,
    verifyUser: keys.verifyUser,
    consoleOrigins,
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  // A TCP server's address is an AddressInfo.
  const { port } = front.address() as AddressInfo;
  return {
    port,
    keys,
    tokens,
    events,
    /** Sends what it is given and nothing but a host and a length. */
    async send({ method = 'GET', path, headers = [], body = '' }: Sent) {
      const bytes = Buffer.from(body);
      const request = httpRequest({
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: [
          ['Host', 'api.example:8080'],
          ...headers,
          ...(bytes.length === 0 ? [] : [['Content-Length', `${bytes.length}`] as const]),
        ].flat(),
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      request.end(bytes);
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      return { status: response.statusCode ?? 0, headers: response.headers, text };
    },
    async close() {
      front.close();
      front.closeAllConnections();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
