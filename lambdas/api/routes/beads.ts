import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { bead, beadExample, beadWithBodyExample, newBeadExample, presentBead } from '../answers/bead.ts';
import { listOf } from '../answers/list.ts';
import { listBeads } from '../beads/list.ts';
import type { ApiDeps } from '../context.ts';
import { createBead } from '../create-bead.ts';
import * as inputs from '../inputs/beads.ts';
import { beadsQuery } from '../queries.ts';
import { anyRecord } from '../statements.ts';
import { BEAD, TOWN } from './paths.ts';

export const beadRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'createBead',
    method: 'POST',
    path: `${TOWN}/beads`,
    auth: 'user',
    tag: 'beads',
    summary: 'Create a bead',
    isCreation: true,
    body: inputs.createBead,
    bodyExample: inputs.createBeadExample,
    answer: { status: 201, schema: bead, example: newBeadExample },
    run: async (request) => {
      const { event, params, body } = request;
      const record = await createBead(deps, userOf(event), params.townId, body, request);
      return presentBead(record, body.body);
    },
  }),
  defineRoute({
    operationId: 'listBeads',
    method: 'GET',
    path: `${TOWN}/beads`,
    auth: 'user',
    tag: 'beads',
    summary: 'List beads, live and ended ones',
    query: beadsQuery,
    answer: {
      status: 200,
      schema: listOf('BeadList', bead),
      example: { items: [beadExample], nextCursor: null },
    },
    run: async (request) => listBeads(deps, await requestedTown(deps.store, request), request),
  }),
  defineRoute({
    operationId: 'getBead',
    method: 'GET',
    path: BEAD,
    auth: 'user',
    tag: 'beads',
    summary: 'Get a bead, with its body',
    answer: { status: 200, schema: bead, example: beadWithBodyExample },
    run: async (request) => {
      const { townId, beadId } = request.params;
      const record = await anyRecord(deps, await requestedTown(deps.store, request), 'bead', beadId);
      return presentBead(record, record.hasBody ? await deps.store.body(townId, beadId) : undefined);
    },
  }),
];
