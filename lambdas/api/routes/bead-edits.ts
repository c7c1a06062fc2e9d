import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { attempt, attemptExample, presentAttempt } from '../answers/attempt.ts';
import { bead, beadExample, presentBead } from '../answers/bead.ts';
import { listOf } from '../answers/list.ts';
import { attemptsAt } from '../beads/attempts.ts';
import { deleteBead } from '../beads/delete.ts';
import { editBead } from '../beads/edit.ts';
import { reopenBead } from '../beads/reopen.ts';
import type { ApiDeps } from '../context.ts';
import * as inputs from '../inputs/beads.ts';
import { nothing } from '../inputs/fields.ts';
import { pageInOrder } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { anyRecord } from '../statements.ts';
import { BEAD } from './paths.ts';

/** What people change of a bead, and what became of the work on it. */
export const beadEditRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'editBead',
    method: 'PATCH',
    path: BEAD,
    auth: 'user',
    tag: 'beads',
    summary: 'Change the title, body, priority, labels or dependencies of a live bead',
    body: inputs.editBead,
    bodyExample: inputs.editBeadExample,
    answer: { status: 200, schema: bead, example: beadExample },
    run: async ({ event, params, body }) =>
      presentBead(await editBead(deps, userOf(event), params.townId, params.beadId, body), body.body),
  }),
  defineRoute({
    operationId: 'deleteBead',
    method: 'DELETE',
    path: BEAD,
    auth: 'user',
    tag: 'beads',
    summary: 'Delete a bead: whoever waited for it waits no longer',
    answer: { status: 202, schema: bead, example: beadExample },
    run: async ({ event, params }) =>
      presentBead(await deleteBead(deps, userOf(event), params.townId, params.beadId)),
  }),
  defineRoute({
    operationId: 'reopenBead',
    method: 'POST',
    path: `${BEAD}/reopen`,
    auth: 'user',
    tag: 'beads',
    summary: 'Ask for an ended bead anew, on its old branch',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: bead, example: { ...beadExample, status: 'failed' } },
    run: async ({ event, params }) =>
      presentBead(await reopenBead(deps, userOf(event), params.townId, params.beadId)),
  }),
  defineRoute({
    operationId: 'listAttempts',
    method: 'GET',
    path: `${BEAD}/attempts`,
    auth: 'user',
    tag: 'beads',
    summary: 'List the sessions of agents at a bead and at its reviews, oldest first',
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('AttemptList', attempt),
      example: { items: [attemptExample], nextCursor: null },
    },
    run: async (request) => {
      const town = await requestedTown(deps.store, request);
      const { id } = await anyRecord(deps, town, 'bead', request.params.beadId);
      return pageInOrder(deps.cursors, request, await attemptsAt(deps, town, id), presentAttempt);
    },
  }),
];
