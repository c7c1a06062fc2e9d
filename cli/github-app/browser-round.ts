import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandFailed } from '../command-failed.ts';

/** As long as somebody may take at GitHub's page. */
const LIMIT_MS = 10 * 60_000;

export interface BrowserRoundOptions {
  /** GitHub's page that takes the manifest. */
  readonly action: string;
  readonly manifest: (redirectUrl: string) => object;
  /** Told once where the browser has to begin. */
  readonly onReady: (address: string) => void;
  readonly signal: AbortSignal;
  /** @default ten minutes */
  readonly limitMs?: number;
}

/**
 * Sends a browser with the manifest to GitHub, and waits on loopback until it comes back.
 * @returns the code that stands for the app
 * @throws CommandFailed when the time is up; the signal's reason
 */
export async function browserRound(options: BrowserRoundOptions): Promise<string> {
  const { action, manifest, onReady, signal, limitMs = LIMIT_MS } = options;
  // The page is found by whom it was told to, and what comes back belongs to it.
  const [start, state] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const timeout = AbortSignal.timeout(limitMs);
  const over = AbortSignal.any([signal, timeout]);
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const target = new URL(action);
    target.searchParams.set('state', state);
    const page = startPage(target.href, JSON.stringify(manifest(`http://${host}/created`)));
    return await new Promise<string>((resolve, reject) => {
      over.addEventListener('abort', () => reject(over.reason as Error), { once: true });
      over.throwIfAborted();
      server.on('request', (request, response) => {
        const url = urlOf(request, host);
        if (url?.pathname === `/${start}`) return answer(response, 200, page, target.origin);
        if (url?.pathname !== '/created') return answer(response, 404, PAGES.nothing);
        const code = url.searchParams.get('code');
        if (code === null || code === '' || !isSame(url.searchParams.get('state') ?? '', state))
          return answer(response, 400, PAGES.foreign);
        // The answer is out before the server closes.
        response.on('close', () => resolve(code));
        answer(response, 200, PAGES.done);
      });
      onReady(`http://${host}/${start}`);
    });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted)
      throw new CommandFailed('Nobody came back from GitHub in time. No app was made: run it again.');
    throw error;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Undefined: it is not this page that was meant, whatever name led to it. */
function urlOf({ method, url, headers }: IncomingMessage, host: string): URL | undefined {
  if (method !== 'GET' || headers.host !== host) return undefined;
  return URL.parse(url ?? '', `http://${host}`) ?? undefined;
}

const isSame = (given: string, wanted: string): boolean =>
  given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));

const PAGES = {
  nothing: 'There is nothing here.',
  foreign: 'This is not the answer that the command waits for. Begin at the address that it has said.',
  done: 'The app is made. Go back to the terminal.',
} as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const startPage = (action: string, manifest: string): string =>
  `<form action="${escaped(action)}" method="post"><input type="hidden" name="manifest" value="${escaped(manifest)}"><button>Make the GitHub App</button></form>`;

function answer(response: ServerResponse, status: number, body: string, formTarget = "'none'"): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': `default-src 'none'; form-action ${formTarget}; frame-ancestors 'none'`,
    connection: 'close',
  });
  response.end(`<!doctype html><meta charset="utf-8"><title>Gastown</title>${body}`);
}
