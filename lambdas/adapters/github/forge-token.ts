import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { gitAccessFor } from '../../../core/town/config/git-access.ts';
import type { SecretSetting } from '../../../core/town/config/secrets.ts';
import type { Rig } from '../../../core/town/rig.ts';
import {
  integrationTokenOf,
  passingFailure,
  type IntegrationTokenDeps,
  type Tried,
} from './integration-token.ts';
import { revealed, type RevealDeps } from '../secrets/reveal.ts';

export type ForgeTokenDeps = RevealDeps & IntegrationTokenDeps;

/** Of each place that was tried in vain, in a message of 500 characters with at most four places. */
const MAX_REASON_CHARS = 110;

/**
 * The token for a rig's pull requests, in the reference's order: `githubCliPat`, which was made for that alone, the rig's integration, the
 * town's, `gitAuth.githubToken`. It goes to its own host and to no other.
 * @throws ForgeError `no_token` with what was tried; what an integration said when that will pass by itself; `host_mismatch`
 */
export async function forgeTokenOf(deps: ForgeTokenDeps, townId: string, rig: Rig): Promise<string> {
  const wanted: readonly string[] = ['githubCliPat', 'gitAuth.githubToken'] satisfies SecretSetting[];
  const { config, values } = await revealed(deps, townId, (name) => wanted.includes(name));
  if (gitAccessFor(rig.gitUrl, config, deps.githubHost)?.secret !== 'gitAuth.githubToken') {
    const message = `The rig "${rig.name}" (${rig.gitUrl}) is not on ${deps.githubHost} over https, so no token of GitHub is sent there. Set the rig's gitUrl to https://${deps.githubHost}/owner/repository.git, or its mergeStrategy to "direct".`;
    throw new ForgeError('host_mismatch', message);
  }
  const ofTown = (name: SecretSetting): string | undefined => values.get(name) || undefined;
  const made = ofTown('githubCliPat');
  if (made !== undefined) return made;
  const given = await integrationTokenOf(deps, townId, rig, config);
  if ('token' in given) return given.token;
  const stored = ofTown('gitAuth.githubToken');
  if (stored !== undefined) return stored;
  throw noToken(rig, given.tried);
}

function noToken({ name }: Pick<Rig, 'name'>, integrations: readonly Tried[]): ForgeError {
  const tried: readonly Tried[] = [
    { place: 'githubCliPat', reason: 'not set' },
    ...integrations,
    { place: 'gitAuth.githubToken', reason: 'not set' },
  ];
  const places = tried.map(({ place, reason }) => `${place} (${reason.slice(0, MAX_REASON_CHARS)})`);
  const message = `GitHub: no token for pull requests of the rig "${name.slice(0, 60)}". Tried ${places.join(', ')}. Give the rig an integration, or set gitAuth.githubToken.`;
  const passing = passingFailure(integrations);
  return new ForgeError(passing?.kind ?? 'no_token', message, { until: passing?.until });
}
