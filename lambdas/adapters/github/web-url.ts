import { githubHostOf } from '../../../core/town/config/github-host.ts';

/** Where people and git find what an API is for: `https://api.github.com` → `https://github.com`. */
export const webUrlOf = (apiUrl: string): string => `${new URL(apiUrl).protocol}//${githubHostOf(apiUrl)}`;
