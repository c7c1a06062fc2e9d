import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { headOf } from '../access.ts';
import * as answers from '../answers/mayor.ts';
import type { ApiDeps } from '../context.ts';
import { nothing } from '../inputs/fields.ts';
import * as inputs from '../inputs/mayor.ts';
import { conversationOf } from '../mayor/conversation.ts';
import { ensureMayor } from '../mayor/ensure.ts';
import { writeToMayor } from '../mayor/write.ts';
import { placeOf } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { MAYOR } from './paths.ts';

/** The chat with the town's mayor, who turns what people want into beads and convoys. */
export const mayorRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'getMayor',
    method: 'GET',
    path: MAYOR,
    auth: 'user',
    tag: 'mayor',
    summary: 'Get the chat with the mayor, newest last',
    query: pageQuery,
    answer: { status: 200, schema: answers.mayor, example: answers.mayorExample },
    run: async (request) => {
      const { event, params, query } = request;
      const head = await headOf(deps.store, userOf(event), params.townId);
      return conversationOf(deps.store, head, query.limit, placeOf(deps.cursors, request));
    },
  }),
  defineRoute({
    operationId: 'ensureMayor',
    method: 'POST',
    path: `${MAYOR}/ensure`,
    auth: 'user',
    tag: 'mayor',
    summary: 'Have the mayor ready',
    body: nothing,
    bodyExample: {},
    answer: { status: 200, schema: answers.ensuredMayor, example: answers.ensuredMayorExample },
    run: async ({ event, params }) => ensureMayor(deps, userOf(event), params.townId),
  }),
  defineRoute({
    operationId: 'writeToMayor',
    method: 'POST',
    path: `${MAYOR}/messages`,
    auth: 'user',
    tag: 'mayor',
    summary: 'Write to the mayor',
    isCreation: true,
    body: inputs.writeToMayor,
    bodyExample: inputs.writeToMayorExample,
    answer: { status: 202, schema: answers.messageTaken, example: answers.messageTakenExample },
    run: async (request) => {
      const { event, params, body } = request;
      return writeToMayor(deps, userOf(event), params.townId, body, request);
    },
  }),
];
