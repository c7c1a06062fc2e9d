import { githubHostOf } from '../../core/town/config/github-host.ts';
import type { Now, Telemetry } from '../../core/ports.ts';
import { createGitHubForge } from '../adapters/github/forge.ts';
import type { ForgeAccess } from './ask-forge.ts';
import { forgeTokenOf, type ForgeTokenDeps } from '../adapters/github/forge-token.ts';

/** GitHub, with each town's own tokens. */
export function gitHubForges(
  deps: Omit<ForgeTokenDeps, 'githubHost'> & {
    /** `https://api.github.com`, or that of an Enterprise Server. */
    readonly apiUrl: string;
    /** @default the one that belongs to `apiUrl` */
    readonly graphqlUrl?: string | undefined;
    readonly telemetry: Telemetry;
    readonly now: Now;
  },
): ForgeAccess {
  const { apiUrl, graphqlUrl, telemetry, now } = deps;
  const githubHost = githubHostOf(apiUrl);
  return {
    forge: createGitHubForge({ apiUrl, graphqlUrl, telemetry, now }),
    token: (townId, rig) => forgeTokenOf({ ...deps, githubHost }, townId, rig),
  };
}
