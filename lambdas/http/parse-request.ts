import { isUtf8 } from 'node:buffer';
import type * as z from 'zod';
import { InvalidInput, NotFound, TooLarge } from '../../core/errors.ts';
import { unfitIn } from './fit-to-store.ts';
import type { HttpEvent } from './route.ts';

/** Largest body of a request, in bytes (the HTTP contract). */
export const MAX_BODY_BYTES = 256 * 1024;
/** No id is longer. The database would refuse such a key, and nothing can be stored under it. */
export const MAX_PARAM_CHARS = 128;

/** So many issues say enough; an answer about each member of a huge list would be too large to send. */
const MAX_ISSUES = 100;

export interface BodyChecks {
  /** From people: text that cannot be stored or passed on is refused too. */
  readonly isFromPeople: boolean;
}

/** @throws TooLarge, InvalidInput */
export function parseBody<Body>(
  schema: z.ZodType<Body> | undefined,
  event: HttpEvent,
  { isFromPeople }: BodyChecks,
): Body {
  const raw = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : Buffer.from(event.body ?? '');
  if (raw.length > MAX_BODY_BYTES)
    throw new TooLarge(`The body is ${raw.length} bytes; at most ${MAX_BODY_BYTES} are taken.`);
  if (schema === undefined) return undefined as Body;
  const body = parseJson(raw);
  const parsed = parsedBy(schema, body, 'The body', 'this field is not known');
  // What was sent, not what was made of it: there a member may be missing.
  const unfit = isFromPeople ? [...unfitIn(body)] : [];
  if (unfit.length > 0) throw refused('The body', unfit);
  return parsed;
}

/** @throws InvalidInput */
export const parseQuery = <Query>(schema: z.ZodType<Query>, event: HttpEvent): Query =>
  parsedBy(schema, definedOnly(event.queryStringParameters), 'The query', 'this parameter is not known');

/** @throws NotFound when one cannot be the id of anything */
export function paramsOf(path: string, { pathParameters }: HttpEvent): Record<string, string> {
  const params = definedOnly(pathParameters);
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    const value = params[name] ?? '';
    if (value === '' || value.length > MAX_PARAM_CHARS)
      throw new NotFound('There is nothing under such an id.');
  }
  return params;
}

function parsedBy<T>(schema: z.ZodType<T>, value: unknown, what: string, unknownKey: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refused(
    what,
    parsed.error.issues.flatMap((issue) => issuesOf(issue, unknownKey)),
  );
}

const refused = (what: string, issues: readonly { path: string; message: string }[]): InvalidInput =>
  new InvalidInput(`${what} is not what this route takes; see \`issues\`.`, issues.slice(0, MAX_ISSUES));

/** An unknown key is named by its own path; Zod names the object that it is in. */
function issuesOf(issue: z.core.$ZodIssue, unknownKey: string): { path: string; message: string }[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message }];
  return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: unknownKey }));
}

function parseJson(raw: Buffer): unknown {
  if (!isUtf8(raw)) throw new InvalidInput('The body is not JSON: it is not UTF-8.');
  const text = raw.toString('utf8');
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    throw new InvalidInput(`The body is not JSON${placeOf(error)}.`);
  }
}

/** The place only: the engine's words repeat a part of the body, and that may be a part of a secret. */
function placeOf(error: unknown): string {
  const place = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
  return place === undefined ? '' : `: look ${place}`;
}

/** `fromEntries` makes `__proto__` a member like any other, and so one that is refused by name. */
function definedOnly(values: Record<string, string | undefined> | undefined): Record<string, string> {
  const given = Object.entries(values ?? {});
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
