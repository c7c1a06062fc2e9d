import { userOf } from '../../http/claims.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { nudgeAgent, resetAgent, stopAgent } from '../agents/acts.ts';
import { agent, agentExample, presentAgent } from '../answers/agent.ts';
import type { ApiDeps } from '../context.ts';
import * as inputs from '../inputs/agents.ts';
import { nothing } from '../inputs/fields.ts';
import { anyRecord } from '../statements.ts';
import { AGENT } from './paths.ts';

/** One agent, and what people state about it: the town does that later. */
export const agentActRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'getAgent',
    method: 'GET',
    path: AGENT,
    auth: 'user',
    tag: 'agents',
    summary: 'Get an agent',
    answer: { status: 200, schema: agent, example: agentExample },
    run: async (request) => {
      const town = await requestedTown(deps.store, request);
      return presentAgent(await anyRecord(deps, town, 'agent', request.params.agentId));
    },
  }),
  defineRoute({
    operationId: 'stopAgent',
    method: 'POST',
    path: `${AGENT}/stop`,
    auth: 'user',
    tag: 'agents',
    summary: 'End the session of an agent; its bead is held until somebody starts it',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: agent, example: agentExample },
    run: async ({ event, params }) =>
      presentAgent(await stopAgent(deps, userOf(event), params.townId, params.agentId)),
  }),
  defineRoute({
    operationId: 'resetAgent',
    method: 'POST',
    path: `${AGENT}/reset`,
    auth: 'user',
    tag: 'agents',
    summary: 'End the session of an agent; its work starts again at once',
    body: nothing,
    bodyExample: {},
    answer: { status: 202, schema: agent, example: agentExample },
    run: async ({ event, params }) =>
      presentAgent(await resetAgent(deps, userOf(event), params.townId, params.agentId)),
  }),
  defineRoute({
    operationId: 'nudgeAgent',
    method: 'POST',
    path: `${AGENT}/nudge`,
    auth: 'user',
    tag: 'agents',
    summary: 'Say something to an agent at work',
    body: inputs.nudgeAgent,
    bodyExample: inputs.nudgeAgentExample,
    answer: { status: 202, schema: agent, example: agentExample },
    run: async ({ event, params, body }) =>
      presentAgent(await nudgeAgent(deps, userOf(event), params.townId, params.agentId, body)),
  }),
];
