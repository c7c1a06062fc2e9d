import {
  snapshotCommitRequest,
  snapshotPlanRequest,
  snapshotRestoreRequest,
} from '../../../core/protocol/snapshots.ts';
import { defineInternalRoute } from '../../http/define-route.ts';
import type { Answer, Route } from '../../http/route.ts';
import { commit } from './commit.ts';
import { ownerOf, type SnapshotDeps } from './owner.ts';
import { plan } from './plan.ts';
import { restore } from './restore.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });

/** Snapshots of sessions, for the supervisor of the town's current container. What they are made of goes to the bucket directly. */
export function snapshotRoutes(deps: SnapshotDeps): Route[] {
  return [
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/snapshots/{agentId}/plan',
      auth: 'container',
      operationId: 'planSnapshot',
      body: snapshotPlanRequest,
      run: async ({ event, params, body }) =>
        ok(await plan(deps, await ownerOf(deps, event, params.agentId), body.chunks)),
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/snapshots/{agentId}/commit',
      auth: 'container',
      operationId: 'commitSnapshot',
      body: snapshotCommitRequest,
      run: async ({ event, params, body }) =>
        ok(await commit(deps, await ownerOf(deps, event, params.agentId), body.manifest)),
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/snapshots/{agentId}/restore',
      auth: 'container',
      operationId: 'restoreSnapshot',
      body: snapshotRestoreRequest,
      run: async ({ event, params, body }) =>
        ok(await restore(deps, await ownerOf(deps, event, params.agentId), body)),
    }),
  ];
}
