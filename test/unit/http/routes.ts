import type { ApiDeps } from '../../../lambdas/api/context.ts';
import { apiRoutes } from '../../../lambdas/api/routes.ts';
import { tags } from '../../../lambdas/api/routes/tags.ts';
import { createOpenApiDocument } from '../../../lambdas/http/openapi.ts';

/** Making the table asks nobody for anything. */
const deps = { version: '1.2.3' } as ApiDeps;

/** The routes of users as the function has them. */
export const table = apiRoutes(deps);

export const documentOf = (routes = table): ReturnType<typeof createOpenApiDocument> =>
  createOpenApiDocument(routes, { version: '1.2.3', tags });
