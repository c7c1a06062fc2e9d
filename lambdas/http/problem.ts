import { InvalidInput, TownError, type ErrorCode } from '../../core/errors.ts';
import { RetryLater } from './retry-later.ts';

const STATUS: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthorized: 401,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
};

const TITLE: Record<ErrorCode, string> = {
  invalid_input: 'Invalid input',
  unauthorized: 'Not signed in',
  not_found: 'Not found',
  conflict: 'Conflict',
  gone: 'Superseded',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  internal: 'Internal error',
  unavailable: 'Temporarily unavailable',
};

/** How soon it makes sense to try again when the error does not say. */
const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = { unavailable: 1, rate_limited: 1 };

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** An error as a problem document (RFC 9457). What nobody foresaw is told without its details. */
export function problemOf(error: unknown, requestId: string): Problem {
  const code = error instanceof TownError ? error.code : 'internal';
  const detail =
    error instanceof TownError && code !== 'internal'
      ? error.userMessage
      : 'Something went wrong on our side. Try again; the request id tells us more.';
  const issues = error instanceof InvalidInput && error.issues.length > 0 ? { issues: error.issues } : {};
  const retryAfter = error instanceof RetryLater ? error.retryAfterSeconds : RETRY_AFTER_SECONDS[code];
  const status = STATUS[code];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: TITLE[code],
      status,
      detail,
      code,
      ...issues,
      requestId,
    }),
  };
}
