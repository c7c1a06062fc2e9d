import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { presentBead } from '../answers/bead.ts';
import {
  convoy,
  convoyExample,
  convoyWithBeads,
  convoyWithBeadsExample,
  presentConvoy,
} from '../answers/convoy.ts';
import { listOf } from '../answers/list.ts';
import type { ApiDeps } from '../context.ts';
import { beadsOf } from '../convoys/beads-of.ts';
import { startConvoy } from '../convoys/start.ts';
import { createConvoy } from '../create-convoy.ts';
import * as inputs from '../inputs/convoys.ts';
import { nothing } from '../inputs/fields.ts';
import { page } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { allRecords } from '../records.ts';
import { anyRecord } from '../statements.ts';
import { CONVOY, TOWN } from './paths.ts';

export const convoyRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'createConvoy',
    method: 'POST',
    path: `${TOWN}/convoys`,
    auth: 'user',
    tag: 'convoys',
    summary: 'Create a convoy and its beads',
    isCreation: true,
    body: inputs.createConvoy,
    bodyExample: inputs.createConvoyExample,
    answer: { status: 201, schema: convoyWithBeads, example: convoyWithBeadsExample },
    run: async (request) => {
      const { event, params, body } = request;
      const made = await createConvoy(deps, userOf(event), params.townId, body, request);
      return { ...presentConvoy(made.convoy), items: made.beads.map((bead) => presentBead(bead)) };
    },
  }),
  defineRoute({
    operationId: 'listConvoys',
    method: 'GET',
    path: `${TOWN}/convoys`,
    auth: 'user',
    tag: 'convoys',
    summary: 'List convoys, live and ended ones',
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('ConvoyList', convoy),
      example: { items: [convoyExample], nextCursor: null },
    },
    run: async (request) => {
      const town = await requestedTown(deps.store, request);
      return page(deps.cursors, request, await allRecords(deps.store, town, 'convoy'), presentConvoy);
    },
  }),
  defineRoute({
    operationId: 'getConvoy',
    method: 'GET',
    path: CONVOY,
    auth: 'user',
    tag: 'convoys',
    summary: 'Get a convoy, with its beads and what they wait for',
    answer: { status: 200, schema: convoyWithBeads, example: convoyWithBeadsExample },
    run: async (request) => {
      const town = await requestedTown(deps.store, request);
      const record = await anyRecord(deps, town, 'convoy', request.params.convoyId);
      const beads = await beadsOf(deps.store, town, record);
      return { ...presentConvoy(record), items: beads.map((bead) => presentBead(bead)) };
    },
  }),
  defineRoute({
    operationId: 'startConvoy',
    method: 'POST',
    path: `${CONVOY}/start`,
    auth: 'user',
    tag: 'convoys',
    summary: 'Start a staged convoy',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: convoy, example: { ...convoyExample, state: 'staged' } },
    run: async ({ event, params }) =>
      presentConvoy(await startConvoy(deps, userOf(event), params.townId, params.convoyId)),
  }),
];
