import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Forge, Telemetry } from '../../../core/ports.ts';
import { createGitHubForge } from '../../../lambdas/adapters/github/forge.ts';

export interface Received {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when a text, else as JSON. */
  readonly body?: unknown;
  /** The request is taken, and the connection ends without an answer or within its body. */
  readonly isLost?: 'before' | 'within';
}

export const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
/** Of every answer that has no other date. */
export const DATE = 'Tue, 14 Jul 2026 10:00:00 GMT';
export const NOW = Date.parse('2026-07-14T10:00:05Z');

export interface GitHubServer extends AsyncDisposable {
  readonly origin: string;
  readonly host: string;
  readonly received: Received[];
  readonly forge: Forge;
  /** `owner/name` as a rig has it. */
  repository(name?: string): { gitUrl: string; token: string };
}

/** A GitHub on loopback that answers what `handle` says, and a forge that asks it. */
export async function startGitHub(handle: (request: Received) => Reply): Promise<GitHubServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const { method = '', url: path = '', headers } = request;
      const asked = { method, path, headers, body: raw === '' ? undefined : (JSON.parse(raw) as unknown) };
      received.push(asked);
      const { status = 200, headers: more = {}, body, isLost } = handle(asked);
      if (isLost === 'before') return void request.socket.destroy();
      const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
      const length = Buffer.byteLength(text) + (isLost === 'within' ? 100 : 0);
      response.writeHead(status, {
        date: DATE,
        'content-type': 'application/json; charset=utf-8',
        'content-length': `${length}`,
        ...more,
      });
      if (isLost === 'within') response.write(text, () => request.socket.destroy());
      else response.end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an AddressInfo.
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;
  return {
    origin,
    host,
    received,
    forge: forgeOf({ origin }),
    repository: (name = 'acme/shop') => ({ gitUrl: `${origin}/${name}.git`, token: TOKEN }),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export const silent: Telemetry = { log: () => {}, count: () => {} };

export const forgeOf = ({
  origin,
  fetch,
  telemetry = silent,
}: {
  origin: string;
  fetch?: typeof globalThis.fetch;
  telemetry?: Telemetry;
}): Forge =>
  createGitHubForge({
    // As people write it.
    apiUrl: `${origin}/api/v3/`,
    fetch,
    telemetry,
    now: () => NOW,
  });
