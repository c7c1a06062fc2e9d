import * as z from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { createProblemResponses, answerHeaders } from './openapi-problems.ts';
import { MAX_PARAM_CHARS } from './parse-request.ts';
import type { Route, RouteDocumentation } from './route.ts';

const DESCRIPTIONS = {
  200: 'Done',
  201: 'Created',
  202: 'Taken; the town does it later',
  302: 'Go on there',
} as const;

/** Parts that operations share are components, once in a document: one of these for each document. */
export function createOperations() {
  const problems = createProblemResponses();
  const params = new Map<string, z.ZodString>();
  const paramOf = (name: string): z.ZodString => {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const schema = params.get(name) ?? z.string().min(1).max(MAX_PARAM_CHARS).meta({ param: { id } });
    params.set(name, schema);
    return schema;
  };
  const idempotencyKey = z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({
      description:
        'For 24 hours, the same key with the same request gets the first answer; another request 409',
      example: 'b7f3c0de-cart-total',
      param: { id: 'IdempotencyKey' },
    });

  return (route: Route, spec: RouteDocumentation): ZodOpenApiOperationObject => {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const { answer, body, bodyExample, query } = spec;
    return {
      operationId: route.operationId,
      tags: [spec.tag],
      summary: spec.summary,
      security: route.auth === 'user' ? [{ userToken: [] }] : [],
      requestParams: {
        ...(names.length === 0
          ? {}
          : { path: z.object(Object.fromEntries(names.map((name) => [name, paramOf(name)]))) }),
        ...(query === undefined ? {} : { query }),
        ...(route.isCreation ? { header: z.object({ 'Idempotency-Key': idempotencyKey }) } : {}),
      },
      ...(body === undefined
        ? {}
        : {
            requestBody: {
              // No body at all is taken as `{}`.
              required: !body.safeParse({}).success,
              content: { 'application/json': { schema: body, example: bodyExample } },
            },
          }),
      responses: {
        [`${answer.status}` as const]: {
          description: DESCRIPTIONS[answer.status],
          ...(answer.status === 302
            ? { headers: answerHeaders.extend({ location: z.string().meta({ example: answer.example }) }) }
            : {
                headers: answerHeaders,
                content: { 'application/json': { schema: answer.schema, example: answer.example } },
              }),
        },
        ...problems(route, spec),
      },
    };
  };
}
