import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What becomes of one request: it is answered with a status, its answer is lost on the way, or it is let through. */
export type Behaviour =
  | { readonly status: number; readonly retryAfter?: string }
  | 'lose answer'
  | 'let through';

/** A gateway in front of a real API, which has bad moments. */
export async function startGateway(apiUrl: string, behaviours: readonly Behaviour[]) {
  const left = [...behaviours];
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    seen.push({ method, path: url, headers });
    const behaviour = left.shift() ?? 'let through';
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void answer(Buffer.concat(parts)));

    async function answer(body: Buffer): Promise<void> {
      if (typeof behaviour === 'object') {
        const { status, retryAfter } = behaviour;
        response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
        response.end(JSON.stringify({ message: 'Service Unavailable' }));
        return;
      }
      const sent = Object.entries(headers).filter(
        ([name]) => !['host', 'connection', 'content-length'].includes(name),
      );
      const real = await fetch(`${apiUrl}${url}`, {
        method,
        headers: Object.fromEntries(sent.map(([name, value]) => [name, String(value)])),
        ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
      });
      const text = await real.text();
      if (behaviour === 'lose answer') {
        request.socket.destroy();
        return;
      }
      response.writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? '' });
      response.end(text);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
