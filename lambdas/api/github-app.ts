import type { GitHubApp } from '../../core/ports.ts';
import { ForgeError } from '../../core/pull-request/forge-error.ts';

/** What routes ask of the GitHub App. */
export type AskedGitHubApp = Pick<GitHubApp, 'about' | 'administers' | 'installation' | 'repositories'>;

/** What somebody has to do before anything can be asked of it. */
export const SET_UP_THE_APP =
  'This installation of Gastown has no GitHub App. Whoever runs it makes one with `gastown github-app create`.';

const refuse = (): Promise<never> => Promise.reject(new ForgeError('no_token', SET_UP_THE_APP));

/** No app is set up. */
export const noGitHubApp: AskedGitHubApp = {
  about: () => Promise.resolve(undefined),
  administers: refuse,
  installation: refuse,
  repositories: refuse,
};
