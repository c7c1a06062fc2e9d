import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { anthropicStream, bedrockStream, openAiResponsesStream } from './streams.ts';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export interface Recorder {
  /** Without a path. */
  readonly url: string;
  readonly requests: readonly Recorded[];
  close(): Promise<void>;
}

const anyBody = z.record(z.string(), z.unknown());

/** The endpoints of three model providers on loopback: keeps every request, and ends every turn well. */
export async function startRecorder(): Promise<Recorder> {
  const requests: Recorded[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const body = anyBody.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers, body });
    const model = typeof body['model'] === 'string' ? body['model'] : '';
    const events = { 'content-type': 'text/event-stream' };
    if (path === '/v1/messages') response.writeHead(200, events).end(anthropicStream(model));
    else if (path === '/v1/responses') response.writeHead(200, events).end(openAiResponsesStream(model));
    else if (path.endsWith('/converse-stream')) {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(bedrockStream());
    } else response.writeHead(404).end('{}');
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
