import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { presentTown, town, townExample } from '../answers/town.ts';
import type { ApiDeps } from '../context.ts';
import { nothing } from '../inputs/fields.ts';
import { setLifecycle } from '../town/set-lifecycle.ts';
import { TOWN } from './paths.ts';

export const lifecycleRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'pauseTown',
    method: 'POST',
    path: `${TOWN}/pause`,
    auth: 'user',
    tag: 'towns',
    summary: 'Pause a town: nothing is dispatched or merged, its container saves and stops',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: town, example: { ...townExample, lifecycle: 'paused' } },
    run: async ({ event, params }) =>
      presentTown(await setLifecycle(deps, userOf(event), params.townId, 'paused')),
  }),
  defineRoute({
    operationId: 'resumeTown',
    method: 'POST',
    path: `${TOWN}/resume`,
    auth: 'user',
    tag: 'towns',
    summary: 'Resume a paused town',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: town, example: townExample },
    run: async ({ event, params }) =>
      presentTown(await setLifecycle(deps, userOf(event), params.townId, 'active')),
  }),
];
