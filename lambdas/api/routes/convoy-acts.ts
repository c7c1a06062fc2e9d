import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { convoy, convoyExample, presentConvoy } from '../answers/convoy.ts';
import type { ApiDeps } from '../context.ts';
import { addConvoyBead, removeConvoyBead } from '../convoys/beads.ts';
import { closeConvoy } from '../convoys/close.ts';
import { editConvoy } from '../convoys/edit.ts';
import { retryConvoy } from '../convoys/retry.ts';
import * as inputs from '../inputs/convoys.ts';
import { nothing } from '../inputs/fields.ts';
import { CONVOY } from './paths.ts';

const troubled = {
  ...convoyExample,
  state: 'needs_attention' as const,
  attention: { code: 'failed_beads', message: '1 of 2 beads failed' },
};

/** What people change of a convoy, and what they state about it: the town does that later. */
export const convoyActRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'editConvoy',
    method: 'PATCH',
    path: CONVOY,
    auth: 'user',
    tag: 'convoys',
    summary: 'Change the title of a convoy, or how it merges while no work has begun',
    body: inputs.editConvoy,
    bodyExample: inputs.editConvoyExample,
    answer: { status: 200, schema: convoy, example: convoyExample },
    run: async ({ event, params, body }) =>
      presentConvoy(await editConvoy(deps, userOf(event), params.townId, params.convoyId, body)),
  }),
  defineRoute({
    operationId: 'closeConvoy',
    method: 'POST',
    path: `${CONVOY}/close`,
    auth: 'user',
    tag: 'convoys',
    summary: 'Give a convoy up: what is unfinished is cancelled, nothing lands',
    body: inputs.closeConvoy,
    bodyExample: inputs.closeConvoyExample,
    answer: { status: 202, schema: convoy, example: convoyExample },
    run: async ({ event, params, body }) =>
      presentConvoy(await closeConvoy(deps, userOf(event), params.townId, params.convoyId, body.reason)),
  }),
  defineRoute({
    operationId: 'retryConvoy',
    method: 'POST',
    path: `${CONVOY}/retry`,
    auth: 'user',
    tag: 'convoys',
    summary: 'Try again what needs attention: failed beads, or the landing',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: convoy, example: troubled },
    run: async ({ event, params }) =>
      presentConvoy(await retryConvoy(deps, userOf(event), params.townId, params.convoyId)),
  }),
  defineRoute({
    operationId: 'addConvoyBead',
    method: 'POST',
    path: `${CONVOY}/beads`,
    auth: 'user',
    tag: 'convoys',
    summary: 'Add a bead that nobody has begun',
    body: inputs.addConvoyBead,
    bodyExample: inputs.addConvoyBeadExample,
    answer: { status: 202, schema: convoy, example: convoyExample },
    run: async ({ event, params, body }) =>
      presentConvoy(await addConvoyBead(deps, userOf(event), params.townId, params.convoyId, body)),
  }),
  defineRoute({
    operationId: 'removeConvoyBead',
    method: 'DELETE',
    path: `${CONVOY}/beads/{beadId}`,
    auth: 'user',
    tag: 'convoys',
    summary: 'Go on without a bead that failed or that nobody has begun',
    answer: { status: 202, schema: convoy, example: troubled },
    run: async ({ event, params }) => {
      const { townId, convoyId, beadId } = params;
      return presentConvoy(await removeConvoyBead(deps, userOf(event), townId, convoyId, beadId));
    },
  }),
];
