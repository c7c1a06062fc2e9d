import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a page says, and what the browser was waited for: with `found` the wait is over. */
export interface LoopbackAnswer<Found> {
  readonly status: number;
  /** HTML. */
  readonly body: string;
  /** Where a form on it may be sent. @default nowhere */
  readonly formTarget?: string;
  readonly found?: Found;
}

export interface LoopbackOptions<Found> {
  /** @default a free one */
  readonly port?: number;
  /** The name that browsers know it by. @default 127.0.0.1 */
  readonly name?: string;
  /** @param origin where the server is */
  readonly begin: (origin: string) => void;
  readonly answer: (url: URL) => LoopbackAnswer<Found>;
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Waits on loopback until a browser comes with what is wanted. Only what is asked for by its own name is answered, whatever name led to it.
 * @throws the signal's reason; Error when the port is taken
 */
export async function waitForBrowser<Found>(options: LoopbackOptions<Found>): Promise<Found> {
  const { port = 0, name = '127.0.0.1', begin, answer, signal } = options;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const host = `${name}:${(server.address() as AddressInfo).port}`;
    return await new Promise<Found>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      signal.throwIfAborted();
      server.on('request', (request, response) => {
        const url = urlOf(request, host);
        const said: LoopbackAnswer<Found> = url === undefined ? NOTHING : answer(url);
        const { found } = said;
        // The answer is out before the server closes.
        if (found !== undefined) response.on('close', () => resolve(found));
        send(response, said);
      });
      begin(`http://${host}`);
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

export const NOTHING: LoopbackAnswer<never> = { status: 404, body: 'There is nothing here.' };

/** Undefined: it is not this page that was meant. */
function urlOf({ method, url, headers }: IncomingMessage, host: string): URL | undefined {
  if (method !== 'GET' || headers.host !== host) return undefined;
  return URL.parse(url ?? '', `http://${host}`) ?? undefined;
}

function send(
  response: ServerResponse,
  { status, body, formTarget = "'none'" }: LoopbackAnswer<unknown>,
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': `default-src 'none'; form-action ${formTarget}; frame-ancestors 'none'`,
    connection: 'close',
  });
  response.end(`<!doctype html><meta charset="utf-8"><title>Gastown</title>${body}`);
}
