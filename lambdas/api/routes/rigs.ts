import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { listOf } from '../answers/list.ts';
import { presentRig, rig, rigExample } from '../answers/rig.ts';
import type { ApiDeps } from '../context.ts';
import { createRig } from '../create-rig.ts';
import * as inputs from '../inputs/rigs.ts';
import { page } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { TOWN } from './paths.ts';

export const rigRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'createRig',
    method: 'POST',
    path: `${TOWN}/rigs`,
    auth: 'user',
    tag: 'rigs',
    summary: 'Add a repository to a town',
    isCreation: true,
    body: inputs.createRig,
    bodyExample: inputs.createRigExample,
    answer: { status: 201, schema: rig, example: rigExample },
    run: async (request) => {
      const { event, params, body } = request;
      return presentRig(await createRig(deps, userOf(event), params.townId, body, request));
    },
  }),
  defineRoute({
    operationId: 'listRigs',
    method: 'GET',
    path: `${TOWN}/rigs`,
    auth: 'user',
    tag: 'rigs',
    summary: 'List the repositories of a town',
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('RigList', rig),
      example: { items: [rigExample], nextCursor: null },
    },
    run: async (request) => {
      const town = await requestedTown(deps.store, request);
      return page(deps.cursors, request, town.live.rig.values(), presentRig);
    },
  }),
];
