import type { IncomingMessage } from 'node:http';
import type { HttpEvent } from '../../lambdas/http/route.ts';
import { decode, type Match } from './route-match.ts';

/** What was asked for; undefined for a path that is no URL (`//`). */
export function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  const absolute = `http://127.0.0.1${url.startsWith('/') ? '' : '/'}${url}`;
  return URL.canParse(absolute) ? new URL(absolute) : undefined;
}

/** Names in lower case, what came more than once with a comma between. */
export function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headersDistinct);
  return Object.fromEntries(entries.map(([name, values = []]) => [name, values.join(',')]));
}

export function queryOf({ searchParams }: URL): Record<string, string> {
  const names = new Set(searchParams.keys());
  return Object.fromEntries([...names].map((name) => [name, searchParams.getAll(name).join(',')]));
}

/**
 * API Gateway hands these over as text and everything else, form posts and untyped bodies too, in base64. Seen of the service
 * itself; its documentation says no more than "binary".
 */
const TEXT_TYPES = /^(text\/.*|application\/(json|xml|javascript))$/;

const isText = (contentType: string | undefined): boolean =>
  TEXT_TYPES.test((contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '');

export interface EventInput {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly requestId: string;
  readonly body: Buffer;
  readonly match: Match;
  readonly authorizer: HttpEvent['requestContext']['authorizer'];
  readonly at: Date;
}

/**
 * The request as API Gateway's HTTP API hands it to a function. Source: "Payload format version" in the developer guide, 2.0.
 * The path comes decoded, as the service does it whatever the name `rawPath` says.
 */
export function httpEvent({ request, url, requestId, body, match, authorizer, at }: EventInput): HttpEvent {
  const { route, params } = match;
  const { cookie: _, ...headers } = headersOf(request);
  const cookies = (request.headersDistinct['cookie'] ?? []).flatMap((header) => header.split(/; */));
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const routeKey = `${route.method} ${route.path}`;
  const path = decode(url.pathname);
  const isBase64Encoded = body.length > 0 && !isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: url.search.slice(1),
    ...(cookies.length === 0 ? {} : { cookies }),
    headers: {
      ...headers,
      'x-amzn-trace-id': traceId(at, requestId),
      'x-forwarded-for': sourceIp,
      'x-forwarded-port': `${request.socket.localPort ?? 0}`,
      'x-forwarded-proto': 'http',
    },
    ...(url.search.length <= 1 ? {} : { queryStringParameters: queryOf(url) }),
    ...(Object.keys(params).length === 0 ? {} : { pathParameters: { ...params } }),
    ...(body.length === 0 ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName: headers['host']?.split(':', 1)[0] ?? url.hostname,
      domainPrefix: 'local',
      http: {
        method: route.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: requestTime(at),
      timeEpoch: at.getTime(),
    },
  };
}

const traceId = (at: Date, requestId: string): string =>
  `Root=1-${Math.floor(at.getTime() / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000` */
function requestTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  const [year, , day] = date.split('-');
  return `${day}/${MONTHS[at.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`;
}
