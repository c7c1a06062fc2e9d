import { CommandFailed } from '../command-failed.ts';
import { NOTHING, waitForBrowser } from '../loopback.ts';
import { LOGIN_CALLBACK, LOGIN_CALLBACK_URL } from './callback.ts';
import type { SignInService } from './sign-in-service.ts';
import { startSignIn, type Tokens } from './tokens.ts';

/** As long as somebody may take: a first sign-in sets a password and a second factor. */
const LIMIT_MS = 15 * 60_000;

const PAGES = {
  foreign: 'This is not the answer that the command waits for. Begin at the address that it has said.',
  done: 'You are signed in. Go back to the terminal.',
} as const;

/**
 * Signs somebody in by their browser.
 * @param onReady told once where the browser has to begin
 * @throws CommandFailed when it did not work, or nobody came back
 */
export async function signIn(
  service: SignInService,
  { onReady, signal }: { readonly onReady: (address: string) => void; readonly signal: AbortSignal },
): Promise<Tokens> {
  const started = await startSignIn(service, LOGIN_CALLBACK_URL, signal);
  const timeout = AbortSignal.timeout(LIMIT_MS);
  let answer: URL;
  try {
    answer = await waitForBrowser<URL>({
      port: LOGIN_CALLBACK.port,
      name: LOGIN_CALLBACK.host,
      signal: AbortSignal.any([signal, timeout]),
      begin: () => onReady(started.address),
      answer(url) {
        if (url.pathname !== LOGIN_CALLBACK.path) return NOTHING;
        if (!started.isAnswer(url)) return { status: 400, body: PAGES.foreign };
        return { status: 200, body: PAGES.done, found: url };
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw new CommandFailed('Nobody came back from the sign-in in time: gastown login.');
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new CommandFailed(
        `The port ${LOGIN_CALLBACK.port} is taken, by another gastown login perhaps. End that first.`,
      );
    throw error;
  }
  return started.finish(answer);
}
