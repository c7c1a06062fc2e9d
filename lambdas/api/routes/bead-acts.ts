import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { bead, beadExample, presentBead } from '../answers/bead.ts';
import { cancelBead } from '../beads/cancel.ts';
import { startBead } from '../beads/start.ts';
import type { ApiDeps } from '../context.ts';
import * as inputs from '../inputs/beads.ts';
import { nothing } from '../inputs/fields.ts';
import { BEAD } from './paths.ts';

/** What people state about a bead: the town does it later. */
export const beadActRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'startBead',
    method: 'POST',
    path: `${BEAD}/start`,
    auth: 'user',
    tag: 'beads',
    summary: 'Start a bead that is held',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: bead, example: { ...beadExample, status: 'open', held: true } },
    run: async ({ event, params }) =>
      presentBead(await startBead(deps, userOf(event), params.townId, params.beadId)),
  }),
  defineRoute({
    operationId: 'cancelBead',
    method: 'POST',
    path: `${BEAD}/cancel`,
    auth: 'user',
    tag: 'beads',
    summary: 'End a bead as closed or failed',
    body: inputs.cancelBead,
    bodyExample: inputs.cancelBeadExample,
    answer: { status: 202, schema: bead, example: beadExample },
    run: async ({ event, params, body }) =>
      presentBead(await cancelBead(deps, userOf(event), params.townId, params.beadId, body)),
  }),
];
