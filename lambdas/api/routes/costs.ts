import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import type { ApiDeps } from '../context.ts';
import { costsAnswer, costsExample, costsQuery, readCosts } from '../transfer/costs.ts';
import { TOWN } from './paths.ts';

export const costRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'getCosts',
    method: 'GET',
    path: `${TOWN}/costs`,
    auth: 'user',
    tag: 'towns',
    summary: 'Say what was spent, and on what, as sessions and tasks reported it',
    query: costsQuery,
    answer: { status: 200, schema: costsAnswer, example: costsExample },
    run: (request) => readCosts(deps, request),
  }),
];
