import * as z from 'zod';
import type { HttpEvent, QuerySchema, RedirectSpec, Route } from './route.ts';

/** A page that browsers come to from elsewhere. Whatever the query holds, the answer is where they go on, never a problem. */
export function defineRedirect<const Path extends string, Shape extends z.ZodRawShape>(
  spec: RedirectSpec<Path, Shape>,
): Route {
  const { path, operationId, tag, summary, query, example, run } = spec;
  return {
    method: 'GET',
    path,
    // A browser that follows a link has no token to show.
    auth: 'none',
    operationId,
    isCreation: false,
    spec: { tag, summary, query, answer: { status: 302, schema: z.url(), example } },
    handle: async (event, context) => ({
      status: 302,
      body: undefined,
      location: await run({ ...context, query: fitting(query, event) }),
    }),
  };
}

/** Each parameter by itself: others, and those that do not fit, are not there. */
function fitting<Shape extends z.ZodRawShape>(
  { shape }: QuerySchema<Shape>,
  { queryStringParameters = {} }: HttpEvent,
): z.output<QuerySchema<Shape>> {
  const entries = Object.entries<z.core.$ZodType>(shape).flatMap(([name, schema]) => {
    const { data, success } = z.safeParse(schema, queryStringParameters[name]);
    return success && data !== undefined ? [[name, data] as const] : [];
  });
  // Every member is optional, and fits by itself.
  return Object.fromEntries(entries) as z.output<QuerySchema<Shape>>;
}
