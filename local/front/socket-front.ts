import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Telemetry, TokenSigner } from '../../core/ports.ts';
import { authorize } from '../../lambdas/authorizer/authorize.ts';
import type { createSocketHandler } from '../../lambdas/socket/handler.ts';
import { urlOf } from './http-event.ts';

export interface SocketFront {
  /** Serves `POST /@connections/{id}`; says whether the request was one. */
  readonly connections: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
  attach(server: Server): void;
  close(): void;
}

/** Where containers connect. */
export const SOCKET_PATH = '/socket';
/** API Gateway's limit on a message, in bytes. */
const MAX_MESSAGE_BYTES = 128 * 1024;

/** The WebSocket API of local mode: the same `$connect` and `$disconnect` events, the same `@connections` call. */
export function createSocketFront(options: {
  readonly handler: ReturnType<typeof createSocketHandler>;
  readonly tokens: TokenSigner;
  readonly telemetry: Telemetry;
}): SocketFront {
  const sockets = new Map<string, WebSocket>();
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });

  const open = async (request: IncomingMessage, raw: Duplex, head: Buffer): Promise<boolean> => {
    const claims = await authorize(options.tokens, 'container', request.headers.authorization);
    if (claims === undefined) return false;
    const connectionId = await upgrade(request, claims);
    server.handleUpgrade(request, raw, head, (socket) => {
      sockets.set(connectionId, socket);
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        sockets.delete(connectionId);
        const event = { requestContext: { routeKey: '$disconnect', connectionId, authorizer: claims } };
        options.handler(event).catch((error: unknown) => {
          options.telemetry.log('warn', 'a disconnect was not written down', { error: String(error) });
        });
      });
    });
    return true;
  };
  const upgrade = async (
    request: IncomingMessage,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<string> => {
    const connectionId = randomUUID();
    const event = { requestContext: { routeKey: '$connect', connectionId, authorizer: claims } };
    const { statusCode } = await options.handler(event);
    if (statusCode !== 200) throw new Error(`$connect answered ${statusCode} to ${request.url ?? ''}`);
    return connectionId;
  };

  return {
    attach(http) {
      http.on('upgrade', (request, raw, head) => {
        // Nobody else listens until the handshake: a connection that breaks before it would end the process.
        raw.on('error', () => raw.destroy());
        const refuse = (): void => void raw.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        if (urlOf(request)?.pathname !== SOCKET_PATH) return refuse();
        open(request, raw, head).then((isOpen) => (isOpen ? undefined : refuse()), refuse);
      });
    },
    connections(request, response, url) {
      const id = /^\/@connections\/([^/]+)$/.exec(url.pathname)?.[1];
      if (id === undefined || request.method !== 'POST') return false;
      const socket = sockets.get(id);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        if (socket === undefined) {
          response.writeHead(410, { 'x-amzn-errortype': 'GoneException' }).end('{}');
          return;
        }
        socket.send(Buffer.concat(chunks).toString('utf8'));
        response.writeHead(200).end();
      });
      return true;
    },
    close() {
      for (const socket of sockets.values()) socket.terminate();
      server.close();
    },
  };
}
