import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { TokenSigner } from '../../core/ports.ts';
import { authorize } from '../../lambdas/authorizer/authorize.ts';
import type { HttpEvent, Route } from '../../lambdas/http/route.ts';
import type { createHttpHandler } from '../../lambdas/http/handler.ts';
import { httpEvent, matchRoute } from './http-event.ts';

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
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, { title: 'Internal error', detail: String(error) });
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (options.fallback?.(request, response, url) === true) return;
    const match = matchRoute(routes, request.method ?? 'GET', url.pathname);
    const handler = all.find(({ route }) => route === match?.route)?.handler;
    if (match === undefined || handler === undefined) {
      return send(response, 404, {
        title: 'Not found',
        detail: 'There is no such route.',
        code: 'not_found',
      });
    }
    const authorizer = await authorizerContext(match.route, request.headers.authorization);
    if (authorizer === 'refused') {
      return send(response, 401, {
        title: 'Not signed in',
        detail: 'The token is missing or not valid.',
        code: 'unauthorized',
      });
    }
    const body = await bodyOf(request);
    if (body === undefined)
      return send(response, 413, { title: 'Too large', detail: 'Over 10 MiB.', code: 'too_large' });
    const answer = await handler(httpEvent(request, url, body, match, authorizer));
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

function send(response: ServerResponse, status: number, problem: Record<string, string>): void {
  const body = JSON.stringify({ type: 'about:blank', status, ...problem });
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > MAX_REQUEST_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
