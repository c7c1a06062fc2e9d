/** Host of the repositories that a GitHub API is for: `api.github.com` → `github.com`; an Enterprise Server has one host for both. */
export function githubHostOf(apiUrl: string): string {
  const { host } = new URL(apiUrl);
  return host === 'api.github.com' ? 'github.com' : host;
}

/** GitHub's name for the repository of an address; undefined: it is not on that host. */
export function repositoryOn(
  gitUrl: string,
  githubHost: string,
): { owner: string; name: string } | undefined {
  const address =
    /^(?:https?:\/\/|ssh:\/\/git@|git@)([^/:]+(?::\d+)?)[/:]([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(gitUrl);
  const [, host, owner, name] = address ?? [];
  return host === githubHost && owner !== undefined && name !== undefined ? { owner, name } : undefined;
}

/** What has pull requests for a repository: GitHub, or the Enterprise Server that this installation knows. */
export const forgeAt = (gitUrl: string, githubHost: string): 'github' | undefined =>
  repositoryOn(gitUrl, githubHost) === undefined ? undefined : 'github';
