import { bootstrapRequest, syncRequest } from '../../core/protocol/sync.ts';
import type { TownDeps } from '../api/context.ts';
import { containerOf } from '../http/claims.ts';
import { defineInternalRoute } from '../http/define-route.ts';
import type { Answer, Route } from '../http/route.ts';
import { agentRoutes } from './agent-routes.ts';
import type { AgentToolDeps } from './agent-statements.ts';
import { bootstrap, type BootstrapDeps } from './bootstrap.ts';
import { credentialRoutes, type CredentialDeps } from './credential-routes.ts';
import type { PullRequestDeps } from './pull-request.ts';
import { pullRequestRoutes } from './pull-request-routes.ts';
import { mayorRoutes } from './mayor/routes.ts';
import type { SnapshotDeps } from './snapshots/owner.ts';
import { snapshotRoutes } from './snapshots/routes.ts';
import { sync, type SyncDeps } from './sync.ts';

export type ContainerDeps = SyncDeps &
  BootstrapDeps &
  AgentToolDeps &
  PullRequestDeps &
  CredentialDeps &
  SnapshotDeps &
  TownDeps;

const ok = (body: unknown): Answer => ({ status: 200, body });

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
    ...snapshotRoutes(deps),
    ...agentRoutes(deps),
    ...pullRequestRoutes(deps),
    ...mayorRoutes(deps),
  ];
}
