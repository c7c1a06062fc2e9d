import * as z from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { ErrorCode } from '../../core/errors.ts';
import type { Route, RouteDocumentation } from './route.ts';

const codes = [
  'invalid_input',
  'unauthorized',
  'not_found',
  'conflict',
  'gone',
  'too_large',
  'rate_limited',
  'internal',
  'unavailable',
] as const satisfies readonly ErrorCode[];

const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What is wrong and what to do next' }),
    code: z.enum(codes),
    issues: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Where in the request, and what' }),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457)' });

const requestId = z
  .string()
  .meta({ description: 'Name it when you ask about this request', header: { id: 'RequestId' } });

const retryAfter = z
  .string()
  .regex(/^\d+$/)
  .optional()
  .meta({ description: 'Seconds after which the same request may succeed', header: { id: 'RetryAfter' } });

/** Headers of every answer. */
export const answerHeaders = z.object({ 'x-request-id': requestId });

const problemHeaders = answerHeaders.extend({ 'retry-after': retryAfter });

interface Kind {
  readonly status: number;
  /** Name of the component. */
  readonly id: string;
  readonly code: ErrorCode;
  readonly description: string;
  readonly isOf: (route: Route, spec: RouteDocumentation) => boolean;
  readonly issues?: readonly { path: string; message: string }[];
}

const always = (): boolean => true;
/** A redirect takes whatever comes. */
const looksAtInput = (_route: Route, { answer }: RouteDocumentation): boolean => answer.status !== 302;
/** An id of something that may not be there. */
const namesOne = (name: string): boolean => name.endsWith('Id');

const KINDS: readonly Kind[] = [
  {
    status: 400,
    id: 'InvalidInput',
    code: 'invalid_input',
    description: 'A field or parameter is unknown or has a wrong value',
    isOf: looksAtInput,
    issues: [{ path: 'title', message: 'Too big: expected string to have <=200 characters' }],
  },
  {
    status: 401,
    id: 'Unauthorized',
    code: 'unauthorized',
    description: 'The token is missing, expired or not one of a user',
    isOf: ({ auth }) => auth !== 'none',
  },
  {
    status: 404,
    id: 'NotFound',
    code: 'not_found',
    description: 'It is not there, or belongs to somebody else',
    isOf: ({ path }, { body, query }) =>
      path.includes('{') || body !== undefined || Object.keys(query?.shape ?? {}).some(namesOne),
  },
  {
    status: 409,
    id: 'Conflict',
    code: 'conflict',
    description: 'What was asked for does not fit what is there',
    isOf: ({ method }) => method !== 'GET',
  },
  {
    status: 413,
    id: 'TooLarge',
    code: 'too_large',
    description: 'The body has more than 256 KiB',
    isOf: looksAtInput,
  },
  {
    status: 429,
    id: 'RateLimited',
    code: 'rate_limited',
    description: 'Too many requests; slow down',
    isOf: always,
  },
  {
    status: 500,
    id: 'InternalError',
    code: 'internal',
    description: 'Something went wrong on our side',
    isOf: always,
  },
  {
    status: 503,
    id: 'Unavailable',
    code: 'unavailable',
    description: 'Busy for a moment; send the same request again',
    isOf: always,
  },
];

/** The errors that a route may answer with, by status; one component for each kind. */
export function createProblemResponses() {
  const responses = KINDS.map((kind) => ({ kind, response: responseOf(kind) }));
  return (route: Route, spec: RouteDocumentation): ZodOpenApiResponsesObject =>
    Object.fromEntries(
      responses
        .filter(({ kind }) => kind.isOf(route, spec))
        .map(({ kind, response }) => [`${kind.status}` as const, response]),
    );
}

function responseOf({ status, id, code, description, issues }: Kind): ZodOpenApiResponseObject {
  const example = {
    type: 'about:blank',
    title: description,
    status,
    detail: description,
    code,
    ...(issues === undefined ? {} : { issues }),
    requestId: 'JKJaXmPLvHcESHA=',
  };
  return {
    id,
    description,
    headers: problemHeaders,
    content: { 'application/problem+json': { schema: problem, example } },
  };
}
