import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Unavailable } from '../../core/errors.ts';
import type { TokenSigner } from '../../core/ports.ts';
import { authorize } from '../../lambdas/authorizer/authorize.ts';
import type { HttpEvent, Route } from '../../lambdas/http/route.ts';
import type { createHttpHandler } from '../../lambdas/http/handler.ts';
import { httpEvent, matchRoute, urlOf } from './http-event.ts';

export interface HttpFrontOptions {
  readonly functions: readonly {
    readonly routes: readonly Route[];
    readonly handler: ReturnType<typeof createHttpHandler>;
  }[];
  readonly tokens: TokenSigner;
  /** Claims of a user's token; throws when it is not valid. */
  readonly verifyUser: (token: string) => Promise<Record<string, unknown>>;
  /** Requests that are no route: the `@connections` call of the socket front. Says whether it took the request. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
}

/** API Gateway's own limit on a request, in bytes. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/** The HTTP API of local mode: authorizes as API Gateway would, and calls the same handlers with the same events. */
export function createHttpFront(options: HttpFrontOptions): Server {
  const all = options.functions.flatMap(({ routes, handler }) => routes.map((route) => ({ route, handler })));
  const routes = all.map(({ route }) => route);
  return createServer((request, response) => {
    const requestId = randomUUID();
    serve(request, response, requestId).catch((error: unknown) => {
      if (response.headersSent) return;
      const isTransient = error instanceof Unavailable;
      if (isTransient) return refuse(response, 503, requestId, 'unavailable', error.userMessage);
      refuse(
        response,
        500,
        requestId,
        'internal',
        `Local mode: ${error instanceof Error ? error.name : 'error'}`,
      );
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const url = urlOf(request);
    if (url !== undefined && options.fallback?.(request, response, url) === true) return;
    const match = url === undefined ? undefined : matchRoute(routes, request.method ?? 'GET', url.pathname);
    const handler = all.find(({ route }) => route === match?.route)?.handler;
    if (url === undefined || match === undefined || handler === undefined) {
      return refuse(response, 404, requestId, 'not_found', 'There is no such route.');
    }
    const authorizer = await authorizerContext(match.route, request.headers.authorization);
    if (authorizer === 'refused') {
      return refuse(response, 401, requestId, 'unauthorized', 'The token is missing or not valid.');
    }
    const body = await bodyOf(request);
    if (body === undefined) return refuse(response, 413, requestId, 'too_large', 'Over 10 MiB.');
    const answer = await handler(httpEvent(request, url, requestId, body, match, authorizer));
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name] = String(value);
    response.writeHead(answer.statusCode ?? 200, headers).end(answer.body ?? '');
  }

  async function authorizerContext(
    { auth }: Route,
    header: string | undefined,
  ): Promise<HttpEvent['requestContext']['authorizer'] | 'refused'> {
    switch (auth) {
      case 'none':
        return undefined;
      case 'user': {
        const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
        if (token === undefined) return 'refused';
        try {
          return { jwt: { claims: await options.verifyUser(token) } };
        } catch {
          return 'refused';
        }
      }
      case 'container':
      case 'agent': {
        const claims = await authorize(options.tokens, auth, header);
        return claims === undefined ? 'refused' : { lambda: claims };
      }
    }
  }
}

const TITLES = {
  internal: 'Internal error',
  not_found: 'Not found',
  too_large: 'Too large',
  unauthorized: 'Not signed in',
  unavailable: 'Temporarily unavailable',
};

/** An answer of the front itself; the same problem document as the functions give. */
function refuse(
  response: ServerResponse,
  status: number,
  requestId: string,
  code: keyof typeof TITLES,
  detail: string,
): void {
  const body = { type: 'about:blank', title: TITLES[code], status, detail, code, requestId };
  const headers = { 'content-type': 'application/problem+json', 'x-request-id': requestId };
  response
    .writeHead(status, code === 'unavailable' ? { ...headers, 'retry-after': '1' } : headers)
    .end(JSON.stringify(body));
}

/** Undefined: too long. That is read to its end too, and thrown away: a connection that is cut off hears no answer. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  await once(request, 'end');
  return size > MAX_REQUEST_BYTES ? undefined : Buffer.concat(chunks);
}
