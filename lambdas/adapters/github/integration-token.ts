import type { GitHubApp } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { FAILURE_KINDS } from '../../../core/pull-request/failure.ts';
import type { TownConfig } from '../../../core/town/config.ts';
import { effectiveTownSettings } from '../../../core/town/config/effective.ts';
import type { Rig } from '../../../core/town/rig.ts';
import { repositoryOf } from './repository.ts';

export interface IntegrationTokenDeps {
  readonly app: Pick<GitHubApp, 'token'>;
  /** See `gitAccessFor`. */
  readonly githubHost: string;
}

/** A place where a token might have been, and why there was none. */
export interface Tried {
  readonly place: string;
  readonly reason: string;
  /** What the integration said. */
  readonly failure?: ForgeError | undefined;
}

/**
 * A token of the rig's integration, else of the town's. One that fails gives way to the next.
 * @throws what is no `ForgeError`
 */
export async function integrationTokenOf(
  { app, githubHost }: IntegrationTokenDeps,
  townId: string,
  rig: Pick<Rig, 'gitUrl' | 'integrationId'>,
  config: TownConfig,
): Promise<{ readonly token: string } | { readonly tried: readonly Tried[] }> {
  const ofTown = effectiveTownSettings(config).gitAuth.platformIntegrationId ?? undefined;
  const candidates = [
    { place: 'rig integration', integrationId: rig.integrationId },
    { place: 'town integration', integrationId: ofTown === rig.integrationId ? undefined : ofTown },
  ];
  const tried: Tried[] = [];
  for (const { place, integrationId } of candidates) {
    if (integrationId === undefined) continue;
    try {
      const repository = repositoryOf(rig.gitUrl, githubHost);
      return { token: (await app.token({ townId, integrationId, repository })).token };
    } catch (failure) {
      if (!(failure instanceof ForgeError)) throw failure;
      tried.push({ place, reason: failure.userMessage, failure });
    }
  }
  return { tried: tried.length > 0 ? tried : [{ place: 'platform integration', reason: 'none configured' }] };
}

/** What will pass by itself, of what was tried: it is worth asking again. */
export const passingFailure = (tried: readonly Tried[]): ForgeError | undefined =>
  tried
    .map(({ failure }) => failure)
    .find((failure) => failure !== undefined && FAILURE_KINDS[failure.kind] !== 'permanent');
