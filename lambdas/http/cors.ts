import { InvalidInput } from '../../core/errors.ts';

/** What browsers of the console may do. API Gateway answers with it in AWS, the local front on one machine. */
export const CORS = {
  methods: ['GET', 'POST', 'PATCH', 'DELETE'],
  requestHeaders: ['authorization', 'content-type', 'idempotency-key'],
  answerHeaders: ['x-request-id', 'retry-after'],
  maxAgeSeconds: 600,
} as const;

const isOrigin = (text: string): boolean =>
  /^https?:[^*]*$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/**
 * `CONSOLE_ORIGINS`: origins with a comma between them, as `https://console.example.com`. Empty: no browser is let in. No
 * wildcard: a page of anybody's could then use the console's tokens.
 * @throws InvalidInput that names the one that is none
 */
export function parseConsoleOrigins(text: string): string[] {
  const origins = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return origins;
  throw new InvalidInput(
    `CONSOLE_ORIGINS has ${wrong}; an origin is like https://console.example.com, without a path or *.`,
  );
}

/** What every answer to a page says; nothing to one that is not the console's. */
export function corsHeaders(
  origins: readonly string[],
  origin: string | undefined,
): Readonly<Record<string, string>> {
  if (origin === undefined || !origins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': CORS.answerHeaders.join(','),
    vary: 'origin',
  };
}

/** The answer to a preflight: 204 for everybody, but only the console is told that it may go on. */
export function preflightHeaders(
  origins: readonly string[],
  origin: string | undefined,
): Readonly<Record<string, string>> {
  const { 'access-control-expose-headers': _, ...allowed } = corsHeaders(origins, origin);
  if (!('access-control-allow-origin' in allowed)) return {};
  return {
    ...allowed,
    'access-control-allow-methods': CORS.methods.join(','),
    'access-control-allow-headers': CORS.requestHeaders.join(','),
    'access-control-max-age': `${CORS.maxAgeSeconds}`,
  };
}
