import { WebSocket } from 'ws';

/** API Gateway closes a socket after 10 idle minutes. */
const PING_INTERVAL_MS = 5 * 60_000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export interface PokeSocket {
  close(): void;
}

/** Listens for `sync-now`. If it is down, the interval of the syncs does its work; it comes back with jitter. */
export function listenForPokes(options: {
  readonly url: string;
  /** The newest container token. */
  readonly token: () => string | undefined;
  readonly onPoke: () => void;
  readonly log: (message: string) => void;
}): PokeSocket {
  let isClosed = false;
  let socket: WebSocket | undefined;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = FIRST_RETRY_MS;

  const connect = (): void => {
    if (isClosed) return;
    socket = new WebSocket(options.url, { headers: { authorization: `Bearer ${options.token() ?? ''}` } });
    const ping = setInterval(() => socket?.ping(), PING_INTERVAL_MS);
    socket.on('open', () => {
      retryMs = FIRST_RETRY_MS;
      // Something may have changed while nobody listened.
      options.onPoke();
    });
    socket.on('message', () => options.onPoke());
    socket.on('error', (error) => options.log(`socket: ${error.message}`));
    socket.on('close', () => {
      clearInterval(ping);
      if (isClosed) return;
      retry = setTimeout(connect, retryMs * (0.5 + Math.random()));
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    });
  };
  connect();
  return {
    close() {
      isClosed = true;
      clearTimeout(retry);
      socket?.terminate();
    },
  };
}
