import { isUtf8 } from 'node:buffer';
import { verify } from '@octokit/webhooks-methods';

/**
 * Has GitHub, or whoever else knows one of the secrets, signed exactly these bytes? Two secrets count while one replaces the other. What was
 * expected is told to nobody.
 * @param header `X-Hub-Signature-256`: `sha256=` and 64 hexadecimal digits
 */
export async function isSigned(
  body: Buffer,
  header: string | undefined,
  secrets: readonly string[],
): Promise<boolean> {
  // GitHub sends UTF-8; what is not would be another text once it is decoded.
  if (header === undefined || header === '' || body.length === 0 || !isUtf8(body)) return false;
  const text = body.toString('utf8');
  const known = secrets.filter((secret) => secret !== '');
  const found = await Promise.all(known.map((secret) => verify(secret, text, header)));
  return found.includes(true);
}
