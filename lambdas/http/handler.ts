import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { NotFound } from '../../core/errors.ts';
import type { Now, Telemetry } from '../../core/ports.ts';
import { inRequest, type RequestFields } from '../adapters/telemetry/request-fields.ts';
import { freshContext, IDEMPOTENCY_HEADER, sent, type Idempotency, type SentAnswer } from './idempotency.ts';
import { problemOf } from './problem.ts';
import { requestFieldsOf } from './request-fields.ts';
import type { HttpEvent, Route } from './route.ts';

/** What became of a request, for whoever counts and traces. */
export interface RequestReport {
  readonly fields: RequestFields;
  readonly status: number;
  readonly durationMs: number;
}

export interface HttpHandlerOptions {
  /** Without it an `Idempotency-Key` means nothing: for functions whose routes are no creations. */
  readonly idempotency?: Idempotency;
  readonly onRequest?: (report: RequestReport) => void;
  readonly now?: Now;
}

export type HttpHandler = (event: HttpEvent) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * One function for a table of routes: API Gateway has matched the route, errors become problem documents. Everything that is
 * logged on the way says which request it belongs to.
 */
export function createHttpHandler(
  routes: readonly Route[],
  telemetry: Telemetry,
  { idempotency, onRequest, now = Date.now }: HttpHandlerOptions = {},
): HttpHandler {
  const byKey = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));

  const run = async (route: Route | undefined, event: HttpEvent): Promise<SentAnswer> => {
    if (route === undefined) throw new NotFound('There is no such route.');
    const key = event.headers?.[IDEMPOTENCY_HEADER];
    return route.isCreation && key !== undefined && idempotency !== undefined
      ? idempotency.run(route, event, key)
      : sent(route.handle(event, freshContext(now)));
  };

  return (event) => {
    const route = byKey.get(event.routeKey);
    const fields = requestFieldsOf(event, route);
    const { requestId } = event.requestContext;
    const startedMs = performance.now();
    return inRequest(fields, async () => {
      const { status, headers, body } = await run(route, event).then(
        (answer) => ({ ...answer, headers: headersOf(answer) }),
        (error: unknown) => {
          const problem = problemOf(error, requestId);
          if (problem.status >= 500) telemetry.log('error', 'request failed', { error: textOf(error) });
          return problem;
        },
      );
      onRequest?.({ fields, status, durationMs: performance.now() - startedMs });
      return { statusCode: status, headers: { ...headers, 'x-request-id': requestId }, body };
    });
  };
}

/** What sent a browser here, and where it goes, is nobody else's to keep or to be told. */
const headersOf = ({ location }: SentAnswer): Readonly<Record<string, string>> =>
  location === undefined
    ? { 'content-type': 'application/json' }
    : { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
