import * as z from 'zod';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import type { ApiDeps } from '../context.ts';
import { tags } from './tags.ts';

const health = z.strictObject({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });

const openApiDocument = z
  .looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) })
  .meta({ id: 'OpenApiDocument', description: 'An OpenAPI 3.1 document' });

/** @param routes all routes of the API, complete when the first request comes */
export function metaRoutes(
  { version, signIn }: Pick<ApiDeps, 'version' | 'signIn'>,
  routes: readonly Route[],
): Route[] {
  let document: Promise<z.infer<typeof openApiDocument>> | undefined;
  /** Made at the first request: other requests need neither the document nor what makes it. */
  const build = async () => {
    const { createOpenApiDocument } = await import('../../http/openapi.ts');
    return z.parse(openApiDocument, createOpenApiDocument(routes, { version, tags, signIn }));
  };
  return [
    defineRoute({
      operationId: 'getHealth',
      method: 'GET',
      path: '/v1/health',
      auth: 'none',
      tag: 'meta',
      summary: 'Say that the service is there',
      answer: { status: 200, schema: health, example: { status: 'ok', version: '1.0.0' } },
      run: async () => ({ status: 'ok' as const, version }),
    }),
    defineRoute({
      operationId: 'getOpenApiDocument',
      method: 'GET',
      path: '/v1/openapi.json',
      auth: 'none',
      tag: 'meta',
      summary: 'Get this document',
      answer: {
        status: 200,
        schema: openApiDocument,
        example: { openapi: '3.1.0', info: { title: 'Gastown', version: '1.0.0' }, paths: {} },
      },
      run: async () => (document ??= build()),
    }),
  ];
}
