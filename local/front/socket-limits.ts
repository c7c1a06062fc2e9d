import type { WebSocket } from 'ws';

/** How long a connection may live, and how long it may be silent, in milliseconds. */
export interface SocketTimes {
  readonly lifeMs: number;
  readonly idleMs: number;
}

/** Source: quotas of API Gateway's WebSocket APIs, as are the two sizes. */
export const API_GATEWAY_TIMES: SocketTimes = { lifeMs: 2 * 3600_000, idleMs: 600_000 };
export const MAX_FRAME_BYTES = 32 * 1024;
export const MAX_MESSAGE_BYTES = 128 * 1024;

/** The gateway goes away; clients connect again. */
const GOING_AWAY = 1001;
/** A client that does not answer the close is cut off. */
const CLOSING_MS = 2_000;

/** Closes the socket when its time is over. The result is to be called at every message, in either direction. */
export function limitTimes(socket: WebSocket, { lifeMs, idleMs }: SocketTimes): () => void {
  const close = (reason: string) => (): void => closeSocket(socket, GOING_AWAY, reason);
  const life = setTimeout(close('Connection duration exceeded'), lifeMs).unref();
  const idle = setTimeout(close('Idle connection timeout'), idleMs).unref();
  socket.once('close', () => {
    clearTimeout(life);
    clearTimeout(idle);
  });
  return () => void idle.refresh();
}

export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  cutSoon(socket);
}

/** After an error, too: the client may still read why. */
export function cutSoon(socket: WebSocket): void {
  const cut = setTimeout(() => socket.terminate(), CLOSING_MS).unref();
  socket.once('close', () => clearTimeout(cut));
}
