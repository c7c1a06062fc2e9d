import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { InvalidInput, NotFound, TownError, type ErrorCode } from '../../core/errors.ts';
import type { Telemetry } from '../../core/ports.ts';
import type { HttpEvent, Route } from './route.ts';

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

/** One function for a table of routes: API Gateway has matched the route, errors become problem documents. */
export function createHttpHandler(routes: readonly Route[], telemetry: Telemetry) {
  const byKey = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  return async (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const { requestId } = event.requestContext;
    try {
      const route = byKey.get(event.routeKey);
      if (route === undefined) throw new NotFound('There is no such route.');
      const { status, body } = await route.handle(event);
      return answer(status, requestId, 'application/json', body);
    } catch (error) {
      return problem(error, requestId, event.routeKey, telemetry);
    }
  };
}

function problem(
  error: unknown,
  requestId: string,
  routeKey: string,
  telemetry: Telemetry,
): APIGatewayProxyStructuredResultV2 {
  const isKnown = error instanceof TownError;
  const code = isKnown ? error.code : 'internal';
  if (STATUS[code] >= 500) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    telemetry.log('error', 'request failed', { requestId, routeKey, error: text });
  }
  const detail =
    isKnown && code !== 'internal'
      ? error.userMessage
      : 'Something went wrong on our side. Try again; the request id tells us more.';
  const issues = error instanceof InvalidInput && error.issues.length > 0 ? { issues: error.issues } : {};
  const status = STATUS[code];
  const body = { type: 'about:blank', title: TITLE[code], status, detail, code, ...issues, requestId };
  return answer(
    status,
    requestId,
    'application/problem+json',
    body,
    code === 'unavailable' ? { 'retry-after': '1' } : {},
  );
}

function answer(
  statusCode: number,
  requestId: string,
  contentType: string,
  body: unknown,
  more: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': contentType, 'x-request-id': requestId, ...more };
  return { statusCode, headers, body: JSON.stringify(body) };
}
