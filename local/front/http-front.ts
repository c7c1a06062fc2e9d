import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { NotFound, TooLarge, Unauthorized } from '../../core/errors.ts';
import type { TokenSigner } from '../../core/ports.ts';
import { authorize } from '../../lambdas/authorizer/authorize.ts';
import { bearerOf } from '../../lambdas/authorizer/bearer.ts';
import { corsHeaders, preflightHeaders } from '../../lambdas/http/cors.ts';
import type { HttpHandler } from '../../lambdas/http/handler.ts';
import { problemOf } from '../../lambdas/http/problem.ts';
import type { HttpEvent, Route } from '../../lambdas/http/route.ts';
import { httpEvent, urlOf } from './http-event.ts';
import { claimsAsText } from './jwt-claims.ts';
import { matchRoute } from './route-match.ts';

export interface HttpFrontOptions {
  readonly functions: readonly {
    readonly routes: readonly Route[];
    readonly handler: HttpHandler;
  }[];
  readonly tokens: TokenSigner;
  /** Claims of a user's token; throws when it is not valid. */
  readonly verifyUser: (token: string) => Promise<Record<string, unknown>>;
  /** Pages that may call; none when absent. */
  readonly consoleOrigins?: readonly string[];
  /** Requests that are no route: the `@connections` call of the socket front. Says whether it took the request. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
}

/** API Gateway's own limit on a request, in bytes. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
/** The same for the request line and all headers. */
const MAX_HEADER_BYTES = 10_240;

/** The HTTP API of local mode: authorizes as API Gateway would, and calls the same handlers with the same events. */
export function createHttpFront(options: HttpFrontOptions): Server {
  const all = options.functions.flatMap(({ routes, handler }) => routes.map((route) => ({ route, handler })));
  const routes = all.map(({ route }) => route);
  const origins = options.consoleOrigins ?? [];
  return createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    const requestId = randomUUID();
    serve(request, response, requestId).catch((error: unknown) => {
      if (!response.headersSent) refuse(response, requestId, error);
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const url = urlOf(request);
    if (url !== undefined && options.fallback?.(request, response, url) === true) return;
    if (isPreflight(request, origins)) {
      request.resume();
      response.writeHead(204, preflightHeaders(origins, request.headers.origin)).end();
      return;
    }
    const cors = corsHeaders(origins, request.headers.origin);
    for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
    const match = url === undefined ? undefined : matchRoute(routes, request.method ?? 'GET', url.pathname);
    const handler = all.find(({ route }) => route === match?.route)?.handler;
    if (url === undefined || match === undefined || handler === undefined) {
      return refuse(response, requestId, new NotFound('There is no such route.'));
    }
    const authorizer = await authorizerContext(match.route, request.headers.authorization);
    if (authorizer === 'refused') {
      return refuse(response, requestId, new Unauthorized('The token is missing or not valid.'));
    }
    const body = await bodyOf(request);
    if (body === undefined) return refuse(response, requestId, new TooLarge('A request has at most 10 MB.'));
    const event = httpEvent({ request, url, requestId, body, match, authorizer, at: new Date() });
    const answer = await handler(event);
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, String(value));
    response.writeHead(answer.statusCode ?? 200).end(answer.body ?? '');
  }

  async function authorizerContext(
    { auth }: Route,
    header: string | undefined,
  ): Promise<HttpEvent['requestContext']['authorizer'] | 'refused'> {
    switch (auth) {
      case 'none':
        return undefined;
      case 'user': {
        const token = bearerOf(header);
        if (token === undefined) return 'refused';
        try {
          // No route asks for a scope, and then API Gateway names none.
          const jwt = { claims: claimsAsText(await options.verifyUser(token)), scopes: null };
          return { jwt };
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

/** API Gateway answers it by itself where CORS is configured; else it is a method like any other. */
const isPreflight = ({ method, headers }: IncomingMessage, origins: readonly string[]): boolean =>
  origins.length > 0 &&
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

/** An answer of the front itself; the same problem document as the functions give. */
function refuse(response: ServerResponse, requestId: string, error: unknown): void {
  const { status, headers, body } = problemOf(error, requestId);
  response.writeHead(status, { ...headers, 'x-request-id': requestId }).end(body);
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
