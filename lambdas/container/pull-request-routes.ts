import * as api from '../../core/protocol/pull-request-api.ts';
import { agentOf } from '../http/claims.ts';
import { defineInternalRoute } from '../http/define-route.ts';
import type { Route } from '../http/route.ts';
import { callContext } from './call-ids.ts';
import * as tools from './pull-request.ts';

/** What agents read and say on the pull request of their work. */
export function pullRequestRoutes(deps: tools.PullRequestDeps): Route[] {
  const at = '/v1/agent/pull-request' as const;
  return [
    defineInternalRoute({
      method: 'GET',
      path: `${at}/threads`,
      auth: 'agent',
      operationId: 'listReviewThreads',
      run: async ({ event }) => ({ status: 200, body: await tools.threads(deps, agentOf(event)) }),
    }),
    defineInternalRoute({
      method: 'POST',
      path: `${at}/reply`,
      auth: 'agent',
      operationId: 'replyInReviewThread',
      body: api.replyRequest,
      run: async ({ event, body, ids, at: now }) => {
        const claims = agentOf(event);
        const context = callContext(event, claims, deps.now, { ids, at: now });
        return { status: 200, body: await tools.reply(deps, claims, body, context.ids) };
      },
    }),
    defineInternalRoute({
      method: 'POST',
      path: `${at}/resolve`,
      auth: 'agent',
      operationId: 'resolveReviewThread',
      body: api.resolveThreadRequest,
      run: async ({ event, body }) => ({
        status: 200,
        body: await tools.resolve(deps, agentOf(event), body),
      }),
    }),
    defineInternalRoute({
      method: 'GET',
      path: `${at}/checks`,
      auth: 'agent',
      operationId: 'listChecks',
      run: async ({ event }) => ({ status: 200, body: await tools.checks(deps, agentOf(event)) }),
    }),
    defineInternalRoute({
      method: 'GET',
      path: `${at}/logs`,
      auth: 'agent',
      operationId: 'readCheckLog',
      query: api.logsQuery,
      run: async ({ event, query }) => ({
        status: 200,
        body: await tools.log(deps, agentOf(event), query.checkId),
      }),
    }),
  ];
}
