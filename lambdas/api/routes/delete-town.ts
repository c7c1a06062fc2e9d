import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { presentTown, town, townExample } from '../answers/town.ts';
import type { ApiDeps } from '../context.ts';
import { deleteTown } from '../transfer/delete-town.ts';
import { TOWN } from './paths.ts';

export const deleteTownRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'deleteTown',
    method: 'DELETE',
    path: TOWN,
    auth: 'user',
    tag: 'towns',
    summary: 'Delete a town with everything that it keeps',
    answer: { status: 202, schema: town, example: { ...townExample, lifecycle: 'deleting' } },
    run: async (request) =>
      presentTown(await deleteTown(deps, userOf(request.event), request.params.townId, request)),
  }),
];
