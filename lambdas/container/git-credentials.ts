import { NotFound } from '../../core/errors.ts';
import type { TownStore } from '../../core/ports.ts';
import type { GitCredentialsAnswer } from '../../core/protocol/credentials.ts';
import { gitAccessFor } from '../../core/town/config/git-access.ts';
import { revealed, type RevealDeps } from '../adapters/secrets/reveal.ts';

export interface GitCredentialsDeps extends RevealDeps {
  readonly store: Pick<TownStore, 'config' | 'record'>;
  /** See `gitAccessFor`. */
  readonly githubHost: string;
}

/**
 * What opens a rig's repository, for the supervisor alone: agents reach it through the supervisor's gateway. A token goes to the
 * host that it is for and to no other.
 * @throws NotFound for a rig that the town does not have
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
  const password = access === undefined ? undefined : values.get(access.secret);
  if (access === undefined || password === undefined) return { credentials: null };
  return { credentials: { username: access.username, password } };
}
