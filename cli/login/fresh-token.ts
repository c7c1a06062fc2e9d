import type { Connection } from '../connection.ts';
import type { KeptLogins } from './kept-logins.ts';
import { expiryOf } from './token-expiry.ts';

/** A request and its repetitions have to end before it. */
const SOON_MS = 2 * 60_000;

/**
 * The token to ask with: that of a kept login is renewed before it ends, and kept.
 * @throws CommandFailed when it cannot be renewed
 */
export async function freshToken(
  { url, token, login }: Connection,
  logins: KeptLogins,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (login === undefined || token === undefined) return token;
  const { service, refreshToken } = login;
  if ((expiryOf(token) ?? 0) > Date.now() + SOON_MS || refreshToken === undefined) return token;
  // What speaks OpenID Connect is loaded by whoever needs it.
  const { renewed } = await import('./tokens.ts');
  const tokens = await renewed(service, refreshToken, signal);
  logins.keep(url, { service, ...tokens });
  return tokens.accessToken;
}
