import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { townSettings, townSettingsExample } from '../answers/config.ts';
import type { ApiDeps } from '../context.ts';
import { townConfigPatch, townConfigPatchExample } from '../inputs/config.ts';
import { editTownConfig } from '../settings/edit-town.ts';
import { shownSettings } from '../settings/read-town.ts';
import { TOWN } from './paths.ts';

const answer = { status: 200, schema: townSettings, example: townSettingsExample } as const;

export const configRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'getTownConfig',
    method: 'GET',
    path: `${TOWN}/config`,
    auth: 'user',
    tag: 'towns',
    summary: 'Get the settings of a town, as set and in effect',
    answer,
    run: async (request) => {
      const { config } = await requestedTown(deps.store, request);
      return shownSettings(deps.secrets, request.params.townId, config);
    },
  }),
  defineRoute({
    operationId: 'updateTownConfig',
    method: 'PATCH',
    path: `${TOWN}/config`,
    auth: 'user',
    tag: 'towns',
    summary: 'Change settings of a town',
    body: townConfigPatch,
    bodyExample: townConfigPatchExample,
    answer,
    run: async (request) => {
      const { event, params, body } = request;
      const config = await editTownConfig(deps, userOf(event), params.townId, body, request);
      return shownSettings(deps.secrets, params.townId, config);
    },
  }),
];
