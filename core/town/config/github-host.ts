/** Host of the repositories that a GitHub API is for: `api.github.com` → `github.com`; an Enterprise Server has one host for both. */
export function githubHostOf(apiUrl: string): string {
  const { host } = new URL(apiUrl);
  return host === 'api.github.com' ? 'github.com' : host;
}

/** What has pull requests for a repository: GitHub, or the Enterprise Server that this installation knows; by the host alone. */
export function forgeAt(gitUrl: string, githubHost: string): 'github' | undefined {
  const [, host] = /^(?:https?:\/\/(?:[^/@]*@)?|ssh:\/\/git@|git@)([^/:]+(?::\d+)?)[/:]/.exec(gitUrl) ?? [];
  return host?.toLowerCase() === githubHost ? 'github' : undefined;
}
