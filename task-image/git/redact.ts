const REDACTED = '[redacted]';

/** Shapes of secrets that turn up in the output of git and of gates. Known values are redacted as well, by `secrets`. */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  // user:password@ of a URL, whatever the scheme.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, `$1${REDACTED}@`],
  [/\b(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g, REDACTED],
  [/\bgl(?:pat|ptt|cbt|rt)-[\w-]{16,}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bnpm_[A-Za-z0-9]{30,}/g, REDACTED],
  [/\bsk-[\w-]{20,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  [/(\b(?:bearer|basic)\s+)[\w.~+/=-]{12,}/gi, `$1${REDACTED}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
];

/** Shorter ones would make holes in ordinary words. */
const SHORTEST_SECRET = 6;

/**
 * Replaces secrets in a text that leaves the supervisor (a message, a log line, a gate's output).
 * @param secrets values that are known to be secret; ones shorter than 6 characters are not looked for.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) result = result.replaceAll(secret, REDACTED);
  }
  for (const [shape, replacement] of SECRET_SHAPES) result = result.replaceAll(shape, replacement);
  return result;
}
