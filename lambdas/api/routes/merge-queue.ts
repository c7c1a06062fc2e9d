import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { listOf } from '../answers/list.ts';
import { presentQueued, queuedExample, queuedMergeRequest } from '../answers/merge-request.ts';
import type { ApiDeps } from '../context.ts';
import { mergeQueueOf } from '../merge-queue.ts';
import { pageInOrder } from '../page.ts';
import { mergeQueueQuery } from '../queries.ts';
import { TOWN } from './paths.ts';

export const mergeQueueRoutes = ({ store, cursors, now }: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'listMergeQueue',
    method: 'GET',
    path: `${TOWN}/merge-queue`,
    auth: 'user',
    tag: 'beads',
    summary: 'List what is on its way into its target',
    query: mergeQueueQuery,
    answer: {
      status: 200,
      schema: listOf('MergeQueue', queuedMergeRequest),
      example: { items: [queuedExample], nextCursor: null },
    },
    run: async (request) => {
      const town = await requestedTown(store, request);
      const queue = mergeQueueOf(town, request.query.rigId, now());
      return pageInOrder(cursors, request, queue, presentQueued);
    },
  }),
];
