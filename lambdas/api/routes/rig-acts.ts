import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import {
  presentRig,
  presentRigWithSettings,
  rig,
  rigExample,
  rigWithSettings,
  rigWithSettingsExample,
} from '../answers/rig.ts';
import type { ApiDeps } from '../context.ts';
import * as inputs from '../inputs/rigs.ts';
import { removeRigQuery } from '../queries.ts';
import { editRig } from '../rigs/edit.ts';
import { removeRig } from '../rigs/remove.ts';
import { anyRecord } from '../statements.ts';
import { RIG } from './paths.ts';

/** One rig: read it, change it, take it out of the town. */
export const rigActRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'getRig',
    method: 'GET',
    path: RIG,
    auth: 'user',
    tag: 'rigs',
    summary: 'Get a repository of a town',
    answer: { status: 200, schema: rigWithSettings, example: rigWithSettingsExample },
    run: async (request) => {
      const town = await requestedTown(deps.store, request);
      return presentRigWithSettings(town.config, await anyRecord(deps, town, 'rig', request.params.rigId));
    },
  }),
  defineRoute({
    operationId: 'editRig',
    method: 'PATCH',
    path: RIG,
    auth: 'user',
    tag: 'rigs',
    summary: 'Change the name, address, default branch or settings of a repository',
    body: inputs.editRig,
    bodyExample: inputs.editRigExample,
    answer: { status: 200, schema: rigWithSettings, example: rigWithSettingsExample },
    run: async ({ event, params, body }) => {
      const edited = await editRig(deps, userOf(event), params.townId, params.rigId, body);
      return presentRigWithSettings((await deps.store.config(params.townId)) ?? {}, edited);
    },
  }),
  defineRoute({
    operationId: 'removeRig',
    method: 'DELETE',
    path: RIG,
    auth: 'user',
    tag: 'rigs',
    summary:
      'Take a repository out of the town; with `force`, also one with unfinished work, which is cancelled',
    query: removeRigQuery,
    answer: { status: 202, schema: rig, example: rigExample },
    run: async ({ event, params, query }) =>
      presentRig(await removeRig(deps, userOf(event), params.townId, params.rigId, query.force)),
  }),
];
