import type * as z from 'zod';
import { InvalidInput, NotFound, TooLarge } from '../../core/errors.ts';
import type { HttpEvent, Route, RouteSpec } from './route.ts';

/** Largest body of a request, in bytes (the HTTP contract). */
const MAX_BODY_BYTES = 256 * 1024;
/** No id is longer. The database would refuse such a key, and nothing can be stored under it. */
const MAX_PARAM_CHARS = 128;

export function defineRoute<Body = undefined>(spec: RouteSpec<Body>): Route {
  const { method, path, auth } = spec;
  return {
    method,
    path,
    auth,
    handle: async (event) =>
      spec.run({
        event,
        params: paramsOf(event),
        query: definedOnly(event.queryStringParameters),
        body: parseBody(spec, event),
      }),
  };
}

function parseBody<Body>({ body: schema }: RouteSpec<Body>, event: HttpEvent): Body {
  const raw = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : Buffer.from(event.body ?? '');
  if (raw.length > MAX_BODY_BYTES)
    throw new TooLarge(`The body is ${raw.length} bytes; at most ${MAX_BODY_BYTES} are taken.`);
  if (schema === undefined) return undefined as Body;
  const parsed = schema.safeParse(parseJson(raw.toString('utf8')));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap(issuesOf);
  throw new InvalidInput('The body is not what this route takes; see `issues`.', issues);
}

/** An unknown field is named by its own path; Zod names the object that it is in. */
function issuesOf(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message }];
  return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'this field is not known' }));
}

function paramsOf({ pathParameters }: HttpEvent): Record<string, string> {
  const params = definedOnly(pathParameters);
  if (Object.values(params).some((value) => value.length > MAX_PARAM_CHARS)) {
    throw new NotFound('There is nothing under such an id.');
  }
  return params;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    throw new InvalidInput(`The body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function definedOnly(values: Record<string, string | undefined> | undefined): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [key, value] of Object.entries(values ?? {})) if (value !== undefined) defined[key] = value;
  return defined;
}
