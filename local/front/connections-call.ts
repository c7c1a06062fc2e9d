import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { MAX_FRAME_BYTES, MAX_MESSAGE_BYTES } from './socket-limits.ts';

/**
 * `POST /@connections/{id}`: sends to a socket as API Gateway does, in frames of 32 KB.
 * @param findSocket undefined: the connection is gone, or not open yet
 * @returns whether the request was one
 */
export function serveConnectionsCall(
  findSocket: (connectionId: string) => WebSocket | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const id = /^\/@connections\/([^/]+)$/.exec(url.pathname)?.[1];
  if (id === undefined || request.method !== 'POST') return false;
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_MESSAGE_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    const fail = (status: number, errorType: string): void =>
      void response.writeHead(status, { 'x-amzn-errortype': errorType }).end('{}');
    if (size > MAX_MESSAGE_BYTES) return fail(413, 'PayloadTooLargeException');
    // The SDK escapes the id.
    const socket = findSocket(decodeOr(id));
    if (socket === undefined) return fail(410, 'GoneException');
    sendFrames(socket, Buffer.concat(chunks));
    response.writeHead(200).end();
  });
  return true;
}

function decodeOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One message. */
export function sendFrames(socket: WebSocket, message: Buffer): void {
  for (let from = 0; ; from += MAX_FRAME_BYTES) {
    const isLast = from + MAX_FRAME_BYTES >= message.length;
    socket.send(message.subarray(from, from + MAX_FRAME_BYTES), { binary: false, fin: isLast });
    if (isLast) return;
  }
}
