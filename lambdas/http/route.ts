import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';

/** Who may call: nobody in particular, a user (RS256), a container or an agent (ES256), or the bearer of a bootstrap token. */
export type RouteAuth = 'none' | 'user' | 'container' | 'agent';

/** A request as API Gateway's HTTP API (payload 2.0) hands it over, with the claims that its authorizers verified. */
export interface HttpEvent extends Omit<APIGatewayProxyEventV2, 'requestContext'> {
  readonly requestContext: Omit<APIGatewayProxyEventV2['requestContext'], 'authentication'> & {
    readonly authorizer?: {
      readonly jwt?: { readonly claims: Readonly<Record<string, unknown>> };
      readonly lambda?: Readonly<Record<string, unknown>>;
    };
  };
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Request<Body> {
  readonly event: HttpEvent;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Body;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As in API Gateway: `/v1/towns/{townId}`. */
  readonly path: string;
  readonly auth: RouteAuth;
  readonly handle: (event: HttpEvent) => Promise<Answer>;
}

/** A route whose body is checked against a schema before its handler runs. */
export interface RouteSpec<Body> {
  readonly method: Route['method'];
  readonly path: string;
  readonly auth: RouteAuth;
  readonly body?: z.ZodType<Body>;
  readonly run: (request: Request<Body>) => Promise<Answer>;
}
