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
    : 'sign in again, and set GASTOWN_TOKEN';
  if (token === undefined) return problem('there is no token', 'set GASTOWN_TOKEN, or say --token');
  const expiresAt = expiryOf(token);
  if (expiresAt === undefined) return problem('the token is not one (a JWT with an end)', renew);
  const when = relative({ now }, new Date(expiresAt).toISOString());
  if (expiresAt <= now) return problem(`the token expired ${when}`, renew);
  if (expiresAt - now < SOON_MS) return note(`the token expires ${when}`, renew);
  return ok(`the token expires ${when}`);
}

/** Milliseconds since 1970; undefined: the text is no token. */
function expiryOf(token: string): number | undefined {
  try {
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as unknown;
    const { exp } = claims as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
