import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { acknowledgeEscalation } from '../agents/acknowledge.ts';
import { escalation, escalationExample, presentEscalation } from '../answers/escalation.ts';
import { listOf } from '../answers/list.ts';
import type { ApiDeps } from '../context.ts';
import { nothing } from '../inputs/fields.ts';
import { page } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { allRecords } from '../records.ts';
import { TOWN } from './paths.ts';

/** Where agents ask for help. */
export const escalationRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'listEscalations',
    method: 'GET',
    path: `${TOWN}/escalations`,
    auth: 'user',
    tag: 'agents',
    summary: 'List what agents asked for help with, acknowledged or not',
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('EscalationList', escalation),
      example: { items: [escalationExample], nextCursor: null },
    },
    run: async (request) => {
      const town = await requestedTown(deps.store, request);
      return page(deps.cursors, request, await allRecords(deps.store, town, 'escalation'), presentEscalation);
    },
  }),
  defineRoute({
    operationId: 'acknowledgeEscalation',
    method: 'POST',
    path: `${TOWN}/escalations/{escalationId}/acknowledge`,
    auth: 'user',
    tag: 'agents',
    summary: 'Say that somebody has seen it',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: escalation, example: escalationExample },
    run: async ({ event, params }) =>
      presentEscalation(await acknowledgeEscalation(deps, userOf(event), params.townId, params.escalationId)),
  }),
];
