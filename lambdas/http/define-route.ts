import * as z from 'zod';
import { paramsOf, parseBody, parseQuery, type BodyChecks } from './parse-request.ts';
import type {
  HttpEvent,
  InternalRouteSpec,
  ParamOf,
  QuerySchema,
  Request,
  Route,
  RouteContext,
  RouteSpec,
} from './route.ts';

const NO_QUERY = z.strictObject({});
/** Of a query without parameters. */
type NoShape = (typeof NO_QUERY)['shape'];

/** A route of the API's contract. */
export function defineRoute<
  const Path extends string,
  Result,
  Body = undefined,
  Shape extends z.ZodRawShape = NoShape,
>(spec: RouteSpec<Path, Body, Shape, Result>): Route {
  const { method, path, auth, operationId, tag, summary, query, body, bodyExample, answer, run } = spec;
  return {
    method,
    path,
    auth,
    operationId,
    isCreation: spec.isCreation ?? false,
    spec: { tag, summary, query, body, bodyExample, answer },
    handle: async (event, context) => ({
      status: answer.status,
      body: await run(requestOf(spec, event, context, { isFromPeople: true })),
    }),
  };
}

/** A route between parts of this project; it is not in the API's document. */
export function defineInternalRoute<
  const Path extends string,
  Body = undefined,
  Shape extends z.ZodRawShape = NoShape,
>(spec: InternalRouteSpec<Path, Body, Shape>): Route {
  const { method, path, auth, operationId, run } = spec;
  return {
    method,
    path,
    auth,
    operationId,
    isCreation: false,
    // A report of a container quotes what programs print: it must get through whatever it holds.
    handle: async (event, context) => run(requestOf(spec, event, context, { isFromPeople: false })),
  };
}

interface Schemas<Path extends string, Body, Shape extends z.ZodRawShape> {
  readonly path: Path;
  readonly query?: QuerySchema<Shape>;
  readonly body?: z.ZodType<Body>;
}

function requestOf<Path extends string, Body, Shape extends z.ZodRawShape>(
  { path, query = NO_QUERY as unknown as QuerySchema<Shape>, body }: Schemas<Path, Body, Shape>,
  event: HttpEvent,
  { ids, at }: RouteContext,
  checks: BodyChecks,
): Request<Body, z.output<QuerySchema<Shape>>, ParamOf<Path>> {
  return {
    event,
    ids,
    at,
    params: paramsOf(path, event) as Record<ParamOf<Path>, string>,
    query: parseQuery(query, event),
    body: parseBody(body, event, checks),
  };
}
