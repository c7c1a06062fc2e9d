import { effectiveTownSettings } from './effective.ts';
import type { SecretSetting } from './secrets.ts';
import type { TownConfig } from './town.ts';

/** Which secret opens a repository, and the user name that its host wants with it. */
export interface GitAccess {
  readonly secret: SecretSetting;
  readonly username: string;
}

/** Source: the forges' documentation of tokens over https. Any name would do for GitHub; GitLab wants this one. */
const GITHUB_USERNAME = 'x-access-token';
const GITLAB_USERNAME = 'oauth2';

/**
 * A token goes to repositories of its own host and to no other, and only over https.
 * @param githubHost `github.com`, or that of an Enterprise Server; with the port when it has one
 * @returns undefined when no secret is for this address
 */
export function gitAccessFor(gitUrl: string, town: TownConfig, githubHost: string): GitAccess | undefined {
  if (!URL.canParse(gitUrl)) return undefined;
  const { protocol, host } = new URL(gitUrl);
  if (protocol !== 'https:') return undefined;
  if (host === githubHost) return { secret: 'gitAuth.githubToken', username: GITHUB_USERNAME };
  const gitlab = effectiveTownSettings(town).gitAuth.gitlabInstanceUrl;
  if (host === new URL(gitlab).host) return { secret: 'gitAuth.gitlabToken', username: GITLAB_USERNAME };
  return undefined;
}
