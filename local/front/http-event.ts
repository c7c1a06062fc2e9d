import type { IncomingMessage } from 'node:http';
import type { HttpEvent, Route } from '../../lambdas/http/route.ts';

/** A route and the path parameters of a request that it matches. */
export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** What was asked for; undefined for a path that is no URL (`//`). */
export function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  const absolute = `http://127.0.0.1${url.startsWith('/') ? '' : '/'}${url}`;
  return URL.canParse(absolute) ? new URL(absolute) : undefined;
}

/** Matches as API Gateway does: a parameter takes one whole segment. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  const given = path.split('/');
  for (const route of routes) {
    const wanted = route.path.split('/');
    if (route.method !== method || wanted.length !== given.length) continue;
    const params: Record<string, string> = {};
    const isMatch = wanted.every((part, index) => {
      const value = given[index] ?? '';
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return part === value;
      params[name] = decode(value);
      return value !== '';
    });
    if (isMatch) return { route, params };
  }
  return undefined;
}

/** A badly escaped segment is taken as it stands; nothing will be found under it. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The request as API Gateway's HTTP API hands it to a function (payload format 2.0). */
export function httpEvent(
  request: IncomingMessage,
  url: URL,
  requestId: string,
  body: Buffer,
  match: Match,
  authorizer: HttpEvent['requestContext']['authorizer'],
): HttpEvent {
  const { route, params } = match;
  const now = new Date();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams)
    query[name] = name in query ? `${query[name]},${value}` : value;
  const routeKey = `${route.method} ${route.path}`;
  const isText = body.equals(Buffer.from(body.toString('utf8')));
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search === '' ? {} : { queryStringParameters: query }),
    ...(Object.keys(params).length === 0 ? {} : { pathParameters: params }),
    ...(body.length === 0 ? {} : { body: isText ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: !isText,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: url.hostname,
      domainPrefix: 'local',
      http: {
        method: route.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
      ...(authorizer === undefined ? {} : { authorizer }),
    },
  };
}
