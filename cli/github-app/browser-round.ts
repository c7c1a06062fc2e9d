import { randomBytes, timingSafeEqual } from 'node:crypto';
import { CommandFailed } from '../command-failed.ts';
import { NOTHING, waitForBrowser } from '../loopback.ts';

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
  const target = new URL(action);
  target.searchParams.set('state', state);
  let page = '';
  try {
    return await waitForBrowser<string>({
      signal: AbortSignal.any([signal, timeout]),
      begin(origin) {
        page = startPage(target.href, JSON.stringify(manifest(`${origin}/created`)));
        onReady(`${origin}/${start}`);
      },
      answer({ pathname, searchParams }) {
        if (pathname === `/${start}`) return { status: 200, body: page, formTarget: target.origin };
        if (pathname !== '/created') return NOTHING;
        const code = searchParams.get('code');
        if (code === null || code === '' || !isSame(searchParams.get('state') ?? '', state))
          return { status: 400, body: PAGES.foreign };
        return { status: 200, body: PAGES.done, found: code };
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted)
      throw new CommandFailed('Nobody came back from GitHub in time. No app was made: run it again.');
    throw error;
  }
}

const isSame = (given: string, wanted: string): boolean =>
  given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));

const PAGES = {
  foreign: 'This is not the answer that the command waits for. Begin at the address that it has said.',
  done: 'The app is made. Go back to the terminal.',
} as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const startPage = (action: string, manifest: string): string =>
  `<form action="${escaped(action)}" method="post"><input type="hidden" name="manifest" value="${escaped(manifest)}"><button>Make the GitHub App</button></form>`;
