import { doneRequest, verdictRequest } from '../../core/protocol/agent-api.ts';
import { bootstrapRequest, syncRequest } from '../../core/protocol/sync.ts';
import type { ModelAccess } from '../../core/ports.ts';
import { agentOf, containerOf } from '../http/claims.ts';
import { defineRoute } from '../http/define-route.ts';
import type { Answer, Route } from '../http/route.ts';
import { beadStatus, done, prime, verdict, type AgentToolDeps } from './agent-tools.ts';
import { bootstrap, type BootstrapDeps } from './bootstrap.ts';
import { currentContainer, sync, type SyncDeps } from './sync.ts';

export type ContainerDeps = SyncDeps & BootstrapDeps & AgentToolDeps & { readonly models: ModelAccess };

const ok = (body: unknown): Answer => ({ status: 200, body });
const accepted = (body: unknown): Answer => ({ status: 202, body });

/** The routes of the supervisor and of the agents' tools. */
export function containerRoutes(deps: ContainerDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/container/bootstrap',
      auth: 'none',
      body: bootstrapRequest,
      run: async ({ body }) => ok(await bootstrap(deps, body)),
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/container/sync',
      auth: 'container',
      body: syncRequest,
      run: async ({ event, body }) => ok(await sync(deps, containerOf(event), body)),
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/container/model-credentials',
      auth: 'container',
      run: async ({ event }) => {
        const claims = containerOf(event);
        const stored = await deps.store.container(claims.townId);
        currentContainer(stored?.container, claims, claims.epoch);
        return ok(await deps.models.credentials(claims.townId));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/agent/prime',
      auth: 'agent',
      run: async ({ event }) => ok(await prime(deps, agentOf(event))),
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/agent/beads/{beadId}',
      auth: 'agent',
      run: async ({ event, params }) => ok(await beadStatus(deps, agentOf(event), params['beadId'] ?? '')),
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/agent/done',
      auth: 'agent',
      body: doneRequest,
      run: async ({ event, body }) => accepted(await done(deps, agentOf(event), body)),
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/agent/verdict',
      auth: 'agent',
      body: verdictRequest,
      run: async ({ event, body }) => accepted(await verdict(deps, agentOf(event), body)),
    }),
  ];
}
