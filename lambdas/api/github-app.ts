import type { GitHubApp } from '../../core/ports.ts';

/** What routes ask of the GitHub App. */
export type AskedGitHubApp = Pick<GitHubApp, 'about' | 'administers' | 'installation' | 'repositories'>;

/** What somebody has to do before anything can be asked of it. */
export const SET_UP_THE_APP =
  'This installation of Gastown has no GitHub App. Whoever runs it makes one with `gastown github-app create`.';
