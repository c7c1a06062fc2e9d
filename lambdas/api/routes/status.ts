import { explain } from '../../../core/explain.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { explanationExample, explanations, presentExplanation } from '../answers/explanation.ts';
import { status, statusExample } from '../answers/status.ts';
import type { ApiDeps } from '../context.ts';
import { whyQuery } from '../queries.ts';
import { statusOf } from '../status.ts';
import { TOWN } from './paths.ts';

export const statusRoutes = ({ store, now }: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'getStatus',
    method: 'GET',
    path: `${TOWN}/status`,
    auth: 'user',
    tag: 'towns',
    summary: 'Get a town at a glance',
    answer: { status: 200, schema: status, example: statusExample },
    run: async (request) => statusOf(await requestedTown(store, request), now()),
  }),
  defineRoute({
    operationId: 'explainWaits',
    method: 'GET',
    path: `${TOWN}/why`,
    auth: 'user',
    tag: 'towns',
    summary: 'Say why things are not moving, and who has to act',
    query: whyQuery,
    answer: { status: 200, schema: explanations, example: { items: [explanationExample] } },
    run: async (request) => {
      const { beadId } = request.query;
      const rows = explain(await requestedTown(store, request), now());
      const found = rows.filter(
        ({ subject }) => beadId === undefined || (subject.kind === 'bead' && subject.id === beadId),
      );
      return { items: found.map(presentExplanation) };
    },
  }),
];
