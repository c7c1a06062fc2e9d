import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Telemetry, TokenSigner } from '../../core/ports.ts';
import type { StreamTickets } from '../../lambdas/adapters/dynamodb/tickets.ts';
import { authorizeConnect, type ConnectContext } from '../../lambdas/authorizer/authorize-connect.ts';
import type { createSocketHandler, SocketEvent } from '../../lambdas/socket/handler.ts';
import { sendFrames, serveConnectionsCall } from './connections-call.ts';
import { createFrameWatch } from './frame-sizes.ts';
import { headersOf, queryOf, urlOf } from './http-event.ts';
import {
  API_GATEWAY_TIMES,
  closeSocket,
  cutSoon,
  limitTimes,
  MAX_FRAME_BYTES,
  MAX_MESSAGE_BYTES,
  type SocketTimes,
} from './socket-limits.ts';

export interface SocketFront {
  /** Serves `POST /@connections/{id}`; says whether the request was one. */
  readonly connections: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
  attach(server: Server): void;
  close(): void;
}

/** Where containers and browsers connect. */
export const SOCKET_PATH = '/socket';
/** "Message too big": what API Gateway closes with. */
const TOO_BIG = 1009;

interface Connected {
  readonly socket: WebSocket;
  /** Something was said in either direction. */
  readonly touch: () => void;
}

/** The WebSocket API of local mode: the same events, limits and `@connections` call as API Gateway's. */
export function createSocketFront(options: {
  readonly handler: ReturnType<typeof createSocketHandler>;
  readonly tokens: TokenSigner;
  readonly tickets: Pick<StreamTickets, 'redeemTicket'>;
  readonly telemetry: Telemetry;
  readonly times?: SocketTimes;
}): SocketFront {
  const connected = new Map<string, Connected>();
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });

  const open = async (request: IncomingMessage, raw: Duplex, head: Buffer, url: URL): Promise<boolean> => {
    const authorizer = await authorizeConnect(options, {
      headers: headersOf(request),
      queryStringParameters: queryOf(url),
    });
    if (authorizer === undefined) return false;
    const connectionId = randomUUID();
    const event = (routeKey: string): SocketEvent => ({
      requestContext: { routeKey, connectionId, authorizer },
    });
    const { statusCode } = await options.handler(event('$connect'));
    if (statusCode !== 200) return false;
    let isTooLarge = false;
    let socket: WebSocket | undefined;
    const watch = createFrameWatch(MAX_FRAME_BYTES, () => {
      isTooLarge = true;
      if (socket !== undefined) closeSocket(socket, TOO_BIG, 'Message too long');
    });
    // Before `ws` sees them: of a frame that is too large nothing is handed on.
    raw.on('data', watch);
    server.handleUpgrade(request, raw, head, (opened) => {
      socket = opened;
      serve(opened, connectionId, authorizer, () => isTooLarge);
    });
    return true;
  };

  const serve = (
    socket: WebSocket,
    connectionId: string,
    authorizer: ConnectContext,
    isTooLarge: () => boolean,
  ): void => {
    const touch = limitTimes(socket, options.times ?? API_GATEWAY_TIMES);
    const call = async (routeKey: string, body?: string): Promise<void> => {
      const event = { requestContext: { routeKey, connectionId, authorizer }, body };
      const answer = await options.handler(event);
      if (answer.body !== undefined && socket.readyState === socket.OPEN) {
        sendFrames(socket, Buffer.from(answer.body));
      }
    };
    const failed =
      (what: string) =>
      (error: unknown): void =>
        options.telemetry.log('warn', what, { error: String(error) });
    connected.set(connectionId, { socket, touch });
    socket.on('error', () => cutSoon(socket));
    socket.on('message', (data: Buffer) => {
      if (isTooLarge()) return;
      touch();
      call('$default', data.toString('utf8')).catch(failed('a frame was not taken'));
    });
    socket.on('close', () => {
      connected.delete(connectionId);
      call('$disconnect').catch(failed('a disconnect was not written down'));
    });
  };

  return {
    attach(http) {
      http.on('upgrade', (request, raw, head) => {
        // Nobody else listens until the handshake: a connection that breaks before it would end the process.
        raw.on('error', () => raw.destroy());
        const refuse = (): void => void raw.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        const url = urlOf(request);
        if (url?.pathname !== SOCKET_PATH) return refuse();
        open(request, raw, head, url).then((isOpen) => (isOpen ? undefined : refuse()), refuse);
      });
    },
    connections: (request, response, url) =>
      serveConnectionsCall(
        (id) => {
          const found = connected.get(id);
          found?.touch();
          return found?.socket;
        },
        request,
        response,
        url,
      ),
    close() {
      for (const { socket } of connected.values()) socket.terminate();
      server.close();
    },
  };
}
