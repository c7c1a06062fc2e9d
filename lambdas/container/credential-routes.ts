import { gitCredentialsRequest, modelCredentialsRequest } from '../../core/protocol/credentials.ts';
import type { ContainerClaims, TownStore } from '../../core/ports.ts';
import { containerOf } from '../http/claims.ts';
import { defineInternalRoute } from '../http/define-route.ts';
import type { Answer, HttpEvent, Route } from '../http/route.ts';
import { environmentFor } from './environment.ts';
import { gitCredentialsFor, type GitCredentialsDeps } from './git-credentials.ts';
import { modelCredentialsFor, type ModelCredentialsDeps } from './model-credentials.ts';
import { currentContainer } from './sync.ts';

export type CredentialDeps = ModelCredentialsDeps &
  GitCredentialsDeps & { readonly store: Pick<TownStore, 'container'> };

const ok = (body: unknown): Answer => ({ status: 200, body });

/** What the supervisor of the town's current container gets, and nobody else. */
export function credentialRoutes(deps: CredentialDeps): Route[] {
  const current = async (event: HttpEvent): Promise<ContainerClaims> => {
    const claims = containerOf(event);
    const stored = await deps.store.container(claims.townId);
    currentContainer(stored?.container, claims, claims.epoch);
    return claims;
  };
  return [
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/model-credentials',
      auth: 'container',
      operationId: 'getModelCredentials',
      body: modelCredentialsRequest,
      run: async ({ event, body }) => {
        const { townId } = await current(event);
        return ok(await modelCredentialsFor(deps, townId, body.agentId));
      },
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/git-credentials',
      auth: 'container',
      operationId: 'getGitCredentials',
      body: gitCredentialsRequest,
      run: async ({ event, body }) => {
        const { townId } = await current(event);
        return ok(await gitCredentialsFor(deps, townId, body.rigId));
      },
    }),
    defineInternalRoute({
      method: 'POST',
      path: '/v1/container/environment',
      auth: 'container',
      operationId: 'getEnvironment',
      run: async ({ event }) => ok(await environmentFor(deps, (await current(event)).townId)),
    }),
  ];
}
