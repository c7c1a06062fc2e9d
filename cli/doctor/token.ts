import { expiryOf } from '../login/token-expiry.ts';
import { relative } from '../render/time.ts';
import { note, ok, problem, type Finding } from './finding.ts';

/** Shorter than this, a longer command may not end with the token that it began with. */
const SOON_MS = 10 * 60_000;

/**
 * What a token says of itself. Whether it is genuine only the API knows.
 * @param now milliseconds since 1970
 */
export function checkToken(token: string | undefined, now: number, isLocal: boolean): Finding {
  const renew = isLocal
    ? 'start npm start again: it writes a new one'
    : 'gastown login, or set GASTOWN_TOKEN';
  if (token === undefined) return problem('there is no token', 'gastown login, or set GASTOWN_TOKEN');
  const expiresAt = expiryOf(token);
  if (expiresAt === undefined) return problem('the token is not one (a JWT with an end)', renew);
  const when = relative({ now }, new Date(expiresAt).toISOString());
  if (expiresAt <= now) return problem(`the token expired ${when}`, renew);
  if (expiresAt - now < SOON_MS) return note(`the token expires ${when}`, renew);
  return ok(`the token expires ${when}`);
}
