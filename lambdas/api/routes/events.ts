import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { headOf } from '../access.ts';
import { event, eventExample } from '../answers/event.ts';
import { listOf } from '../answers/list.ts';
import type { ApiDeps } from '../context.ts';
import { eventsPage } from '../events.ts';
import { placeOf } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { TOWN } from './paths.ts';

export const eventRoutes = ({ store, cursors }: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'listEvents',
    method: 'GET',
    path: `${TOWN}/events`,
    auth: 'user',
    tag: 'towns',
    summary: 'List what was decided, by which rule and why, newest first',
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('EventList', event),
      example: { items: [eventExample], nextCursor: null },
    },
    run: async (request) => {
      const head = await headOf(store, userOf(request.event), request.params.townId);
      return eventsPage(store, head.id, request.query.limit, placeOf(cursors, request));
    },
  }),
];
