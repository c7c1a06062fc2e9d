import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Ids } from '../../core/ids.ts';
import type { Instant } from '../../core/town/instant.ts';

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
  /** Of a redirect, which has no body: where the browser goes on. */
  readonly location?: string;
}

/** What a request makes takes its ids and times from here: a creation that is tried again makes the same record. */
export interface RouteContext {
  readonly ids: Ids;
  readonly at: Instant;
}

/** `{townId}` and `{beadId}` of `/v1/towns/{townId}/beads/{beadId}`. */
export type ParamOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamOf<Rest>
  : never;

export interface Request<
  Body = unknown,
  Query = unknown,
  Param extends string = string,
> extends RouteContext {
  readonly event: HttpEvent;
  readonly params: Readonly<Record<Param, string>>;
  readonly query: Query;
  readonly body: Body;
}

/** A query that is an object of parameters; others are refused. */
export type QuerySchema<Shape extends z.ZodRawShape = z.ZodRawShape> = z.ZodObject<Shape, z.core.$strict>;

/** What the API's document says of a route. */
export interface RouteDocumentation {
  readonly tag: string;
  readonly summary: string;
  readonly query?: QuerySchema | undefined;
  readonly body?: z.ZodType | undefined;
  readonly bodyExample?: unknown;
  readonly answer: {
    /** 302: the schema and the example are of the address that the browser goes on to. */
    readonly status: 200 | 201 | 202 | 302;
    readonly schema: z.ZodType;
    readonly example: unknown;
  };
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As in API Gateway: `/v1/towns/{townId}`. */
  readonly path: string;
  readonly auth: RouteAuth;
  readonly operationId: string;
  /** Takes an `Idempotency-Key`. */
  readonly isCreation: boolean;
  /** Absent for routes that only this project calls. */
  readonly spec?: RouteDocumentation;
  readonly handle: (event: HttpEvent, context: RouteContext) => Promise<Answer>;
}

/** A route whose parameters, query and body are checked before its handler runs. */
interface CommonSpec<Path extends string, Body, Shape extends z.ZodRawShape> {
  readonly method: Route['method'];
  readonly path: Path;
  readonly auth: RouteAuth;
  /** Verb and noun; names the method of generated clients: `listBeads`. */
  readonly operationId: string;
  /** Absent: every parameter is refused. */
  readonly query?: QuerySchema<Shape>;
  /** Absent: the body is not looked at. */
  readonly body?: z.ZodType<Body>;
}

/** A route of the API's contract; every part of it is in the document. */
export interface RouteSpec<Path extends string, Body, Shape extends z.ZodRawShape, Result> extends CommonSpec<
  Path,
  Body,
  Shape
> {
  /** The resource, as a heading of the document. */
  readonly tag: string;
  readonly summary: string;
  /** Required where there is a body. */
  readonly bodyExample?: unknown;
  readonly answer: {
    readonly status: 200 | 201 | 202;
    readonly schema: z.ZodType<Result>;
    readonly example: unknown;
  };
  /** It takes an `Idempotency-Key`. With the same `ids` again it answers with the record that is there. */
  readonly isCreation?: boolean;
  /** Gives the body of the answer. */
  readonly run: (
    request: Request<Body, z.output<QuerySchema<Shape>>, ParamOf<Path>>,
  ) => Promise<NoInfer<Result>>;
}

/** A page that browsers come to from elsewhere. */
export interface RedirectSpec<Path extends string, Shape extends z.ZodRawShape> {
  readonly path: Path;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /** Optional parameters; one that does not fit is as if it were absent. */
  readonly query: QuerySchema<Shape>;
  /** Of an address that it sends browsers to. */
  readonly example: string;
  /** Gives the address. */
  readonly run: (request: RouteContext & { readonly query: z.output<QuerySchema<Shape>> }) => Promise<string>;
}

/** A route between parts of this project. */
export interface InternalRouteSpec<Path extends string, Body, Shape extends z.ZodRawShape> extends CommonSpec<
  Path,
  Body,
  Shape
> {
  readonly run: (request: Request<Body, z.output<QuerySchema<Shape>>, ParamOf<Path>>) => Promise<Answer>;
}
