import type { Behaviour } from './behaviour.ts';

const DOCS = 'https://docs.github.com/rest';

const answer = (
  status: number,
  message: string,
  options: { headers?: Record<string, string>; page?: string } = {},
): Behaviour => ({
  kind: 'answer',
  status,
  headers: options.headers ?? {},
  body: { message, documentation_url: options.page ?? DOCS, status: `${status}` },
});

const LIMITS = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';

/** GitHub's own refusals, ready to be switched on. */
export const answers = {
  badCredentials: () => answer(401, 'Bad credentials'),
  forbidden: () => answer(403, 'Resource not accessible by integration'),
  /** @param retryAfterSeconds absent: GitHub does not always say when */
  secondaryRateLimit: (retryAfterSeconds?: number) =>
    answer(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
      {
        page: `${LIMITS}#about-secondary-rate-limits`,
        headers: retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` },
      },
    ),
  /** @param resetAt milliseconds since 1970 */
  rateLimit: (resetAt: number) =>
    answer(403, 'API rate limit exceeded for installation ID 1.', {
      page: LIMITS,
      headers: {
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': `${Math.ceil(resetAt / 1000)}`,
      },
    }),
  tooManyRequests: (retryAfterSeconds: number) =>
    answer(429, 'API rate limit exceeded', {
      page: LIMITS,
      headers: { 'retry-after': `${retryAfterSeconds}` },
    }),
  notFound: () => answer(404, 'Not Found'),
  notMergeable: () => answer(405, 'Pull Request is not mergeable'),
  headModified: () => answer(409, 'Head branch was modified. Review and try the merge again.'),
  gone: () => answer(410, 'Gone'),
  validationFailed: () => answer(422, 'Validation Failed'),
  unavailableForLegalReasons: () => answer(451, 'Repository access blocked'),
  /** Proxies answer with pages. */
  serverError: (status = 502): Behaviour => ({
    kind: 'answer',
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><body><h1>${status}</h1>The server returned an invalid or incomplete response.</body></html>`,
  }),
  /** GraphQL says it with 200. */
  graphqlRateLimit: (): Behaviour => ({
    kind: 'answer',
    status: 200,
    headers: { 'x-ratelimit-remaining': '0' },
    body: {
      errors: [{ type: 'RATE_LIMITED', message: 'API rate limit already exceeded for installation ID 1.' }],
    },
  }),
} as const;
