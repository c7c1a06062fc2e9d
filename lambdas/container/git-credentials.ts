import { NotFound } from '../../core/errors.ts';
import type { TownStore } from '../../core/ports.ts';
import type { GitCredentialsAnswer } from '../../core/protocol/credentials.ts';
import { gitAccessFor } from '../../core/town/config/git-access.ts';
import {
  integrationTokenOf,
  passingFailure,
  type IntegrationTokenDeps,
  type Tried,
} from '../adapters/github/integration-token.ts';
import { revealed, type RevealDeps } from '../adapters/secrets/reveal.ts';

export interface GitCredentialsDeps extends RevealDeps, IntegrationTokenDeps {
  readonly store: Pick<TownStore, 'config' | 'record'>;
}

/**
 * What opens a rig's repository, for the supervisor alone: agents reach it through the supervisor's gateway. A token goes to the
 * host that it is for and to no other. On GitHub that is a token of the rig's integration, else of the town's, else
 * `gitAuth.githubToken`: what is asked for at each use does not expire in the settings.
 * @throws NotFound for a rig that the town does not have; ForgeError when an integration would have had to be asked again
 */
export async function gitCredentialsFor(
  deps: GitCredentialsDeps,
  townId: string,
  rigId: string,
): Promise<GitCredentialsAnswer> {
  const rig = await deps.store.record(townId, 'rig', rigId);
  if (rig === undefined) throw new NotFound(`There is no rig ${rigId}.`);
  const accessOf = (config: Parameters<typeof gitAccessFor>[1]) =>
    gitAccessFor(rig.gitUrl, config, deps.githubHost);
  const { config, values } = await revealed(deps, townId, (name, of) => accessOf(of)?.secret === name);
  const access = accessOf(config);
  if (access === undefined) return { credentials: null };
  const { username, secret } = access;
  let tried: readonly Tried[] = [];
  if (secret === 'gitAuth.githubToken') {
    const given = await integrationTokenOf(deps, townId, rig, config);
    if ('token' in given) return { credentials: { username, password: given.token } };
    tried = given.tried;
  }
  const password = values.get(secret);
  if (password !== undefined) return { credentials: { username, password } };
  const passing = passingFailure(tried);
  if (passing !== undefined) throw passing;
  return { credentials: null };
}
