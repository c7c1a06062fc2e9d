import { InvalidInput, TooLarge } from '../../core/errors.ts';
import type { HttpEvent, Route, RouteSpec } from './route.ts';

/** Largest body of a request, in bytes (the HTTP contract). */
export const MAX_BODY_BYTES = 256 * 1024;

export function defineRoute<Body = undefined>(spec: RouteSpec<Body>): Route {
  const { method, path, auth } = spec;
  return {
    method,
    path,
    auth,
    handle: (event) =>
      spec.run({
        event,
        params: definedOnly(event.pathParameters),
        query: definedOnly(event.queryStringParameters),
        body: parseBody(spec, event),
      }),
  };
}

function parseBody<Body>({ body: schema }: RouteSpec<Body>, event: HttpEvent): Body {
  if (schema === undefined) return undefined as Body;
  const raw = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : Buffer.from(event.body ?? '');
  if (raw.length > MAX_BODY_BYTES)
    throw new TooLarge(`The body is ${raw.length} bytes; at most ${MAX_BODY_BYTES} are taken.`);
  const parsed = schema.safeParse(parseJson(raw.toString('utf8')));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new InvalidInput('The body is not what this route takes; see `issues`.', issues);
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
