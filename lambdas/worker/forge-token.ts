import { ForgeError } from '../../core/pull-request/forge-error.ts';
import { gitAccessFor } from '../../core/town/config/git-access.ts';
import type { SecretSetting } from '../../core/town/config/secrets.ts';
import type { Rig } from '../../core/town/rig.ts';
import { revealed, type RevealDeps } from '../adapters/secrets/reveal.ts';

/** The reference's order; what was made for that purpose alone comes first. */
const ORDER: readonly SecretSetting[] = ['githubCliPat', 'gitAuth.githubToken'];

/**
 * The token for a rig's pull requests.
 * @param githubHost see `gitAccessFor`: a token goes to its own host and to no other
 * @throws ForgeError `no_token` with what was tried, `host_mismatch`
 */
export async function forgeTokenOf(
  deps: RevealDeps & { readonly githubHost: string },
  townId: string,
  rig: Rig,
): Promise<string> {
  const { config, values } = await revealed(deps, townId, (name) => ORDER.some((known) => known === name));
  if (gitAccessFor(rig.gitUrl, config, deps.githubHost)?.secret !== 'gitAuth.githubToken') {
    const message = `The rig "${rig.name}" (${rig.gitUrl}) is not on ${deps.githubHost} over https, so no token of GitHub is sent there. Set the rig's gitUrl to https://${deps.githubHost}/owner/repository.git, or its mergeStrategy to "direct".`;
    throw new ForgeError('host_mismatch', message);
  }
  for (const name of ORDER) {
    const value = values.get(name);
    if (value !== undefined && value !== '') return value;
  }
  const message = `GitHub: no token for pull requests of the rig "${rig.name}". Tried ${ORDER.join(', ')}: none is set. Set gitAuth.githubToken in the town's settings to a token that may read and write contents and pull requests. What agents have in their container is not used for this.`;
  throw new ForgeError('no_token', message);
}
