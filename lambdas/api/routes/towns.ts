import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { headOf } from '../access.ts';
import { listOf } from '../answers/list.ts';
import { presentTown, town, townExample } from '../answers/town.ts';
import { mayTouch } from '../caller.ts';
import type { ApiDeps } from '../context.ts';
import { createTown } from '../create-town.ts';
import * as inputs from '../inputs/towns.ts';
import { page } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { TOWN, TOWNS } from './paths.ts';

export const townRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'createTown',
    method: 'POST',
    path: TOWNS,
    auth: 'user',
    tag: 'towns',
    summary: 'Create a town',
    isCreation: true,
    body: inputs.createTown,
    bodyExample: inputs.createTownExample,
    answer: { status: 201, schema: town, example: townExample },
    run: async (request) => presentTown(await createTown(deps, userOf(request.event), request.body, request)),
  }),
  defineRoute({
    operationId: 'listTowns',
    method: 'GET',
    path: TOWNS,
    auth: 'user',
    tag: 'towns',
    summary: "List one's own towns and those of one's organisations",
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('TownList', town),
      example: { items: [townExample], nextCursor: null },
    },
    run: async (request) => {
      const user = userOf(request.event);
      const listed = await deps.store.towns(user.id, user.orgIds);
      // The listing is an index: who may see a town is what its head says.
      const own = listed.filter((head) => mayTouch(user, head));
      return page(deps.cursors, request, own, presentTown);
    },
  }),
  defineRoute({
    operationId: 'getTown',
    method: 'GET',
    path: TOWN,
    auth: 'user',
    tag: 'towns',
    summary: 'Get a town',
    answer: { status: 200, schema: town, example: townExample },
    run: async ({ event, params }) => presentTown(await headOf(deps.store, userOf(event), params.townId)),
  }),
];
