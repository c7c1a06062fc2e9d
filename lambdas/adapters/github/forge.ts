import type { Forge } from '../../../core/ports.ts';
import { githubHostOf } from '../../../core/town/config/github-host.ts';
import { createGitHubClient, type GitHubClientOptions } from './client.ts';
import { mergePullRequest } from './merge.ts';
import { observePullRequests } from './observe.ts';
import { openPullRequest } from './open.ts';
import { repositoryOf } from './repository.ts';
import { createSettingsCache } from './repository-settings.ts';

/** Make it once a process: it remembers the settings of repositories. Every call ends within 10 s; an operation may make several. */
export function createGitHubForge(options: GitHubClientOptions): Forge {
  const { apiUrl, telemetry, now } = options;
  const githubHost = githubHostOf(apiUrl);
  const client = createGitHubClient(options);
  const settings = createSettingsCache(client, now);
  return {
    async open({ gitUrl, token }, pullRequest) {
      const repository = await settings.of(repositoryOf(gitUrl, githubHost), token);
      return openPullRequest(client, repository, token, pullRequest);
    },
    observe: (pullRequests) => observePullRequests({ client, githubHost, telemetry }, pullRequests),
    async merge({ gitUrl, token }, pinned) {
      const asked = repositoryOf(gitUrl, githubHost);
      const repository = await settings.of(asked, token);
      const merged = await mergePullRequest({ client, repository, token }, pinned);
      // Perhaps for a method that is no longer allowed.
      if (merged.state === 'refused') settings.forget(asked);
      return merged;
    },
  };
}
