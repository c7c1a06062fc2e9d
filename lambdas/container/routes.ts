import { doneRequest, escalateRequest, verdictRequest } from '../../core/protocol/agent-api.ts';
import { bootstrapRequest, syncRequest } from '../../core/protocol/sync.ts';
import type { TownDeps } from '../api/context.ts';
import { agentOf, containerOf } from '../http/claims.ts';
import { defineInternalRoute } from '../http/define-route.ts';
import type { Answer, Route } from '../http/route.ts';
import { beadStatus, done, escalate, prime, verdict, type AgentToolDeps } from './agent-tools.ts';
import { bootstrap, type BootstrapDeps } from './bootstrap.ts';
import { callContext } from './call-ids.ts';
import { credentialRoutes, type CredentialDeps } from './credential-routes.ts';
import { mayorRoutes } from './mayor/routes.ts';
import { sync, type SyncDeps } from './sync.ts';

export type ContainerDeps = SyncDeps & BootstrapDeps & AgentToolDeps & CredentialDeps & TownDeps;

const ok = (body: unknown): Answer => ({ status: 200, body });
const accepted = (body: unknown): Answer => ({ status: 202, body });

/** The routes of the supervisor and of the agents' tools. */
export function containerRoutes(deps: ContainerDeps): Route[] {
  return [
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/bootstrap',
      auth: 'none',
      operationId: 'bootstrapContainer',
      body: bootstrapRequest,
      run: async ({ body }) => ok(await bootstrap(deps, body)),
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/sync',
      auth: 'container',
      operationId: 'syncContainer',
      body: syncRequest,
      run: async ({ event, body }) => ok(await sync(deps, containerOf(event), body)),
    }),
    ...credentialRoutes(deps),
    defineInternalRoute({
      method: 'GET',
      path: '/v1/agent/prime',
      auth: 'agent',
      operationId: 'primeAgent',
      run: async ({ event }) => ok(await prime(deps, agentOf(event))),
    }),
    defineInternalRoute({
      method: 'GET',
      path: '/v1/agent/beads/{beadId}',
      auth: 'agent',
      operationId: 'getAgentBead',
      run: async ({ event, params }) => ok(await beadStatus(deps, agentOf(event), params.beadId)),
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/agent/done',
      auth: 'agent',
      operationId: 'reportDone',
      body: doneRequest,
      run: async ({ event, body }) => accepted(await done(deps, agentOf(event), body)),
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/agent/verdict',
      auth: 'agent',
      operationId: 'giveVerdict',
      body: verdictRequest,
      run: async ({ event, body }) => accepted(await verdict(deps, agentOf(event), body)),
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/agent/escalate',
      auth: 'agent',
      operationId: 'escalate',
      body: escalateRequest,
      run: async ({ event, body, ids, at }) => {
        const claims = agentOf(event);
        const context = callContext(event, claims, deps.now, { ids, at });
        return accepted(await escalate(deps, claims, body, context.ids));
      },
    }),
    ...mayorRoutes(deps),
  ];
}
