import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import { requestedTown } from '../access.ts';
import { agent, agentExample, presentAgent } from '../answers/agent.ts';
import { listOf } from '../answers/list.ts';
import type { ApiDeps } from '../context.ts';
import { page } from '../page.ts';
import { pageQuery } from '../queries.ts';
import { TOWN } from './paths.ts';

export const agentRoutes = ({ store, cursors }: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'listAgents',
    method: 'GET',
    path: `${TOWN}/agents`,
    auth: 'user',
    tag: 'agents',
    summary: 'List the agents of a town',
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('AgentList', agent),
      example: { items: [agentExample], nextCursor: null },
    },
    run: async (request) => {
      const town = await requestedTown(store, request);
      return page(cursors, request, town.live.agent.values(), presentAgent);
    },
  }),
];
