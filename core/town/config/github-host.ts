/** Host of the repositories that a GitHub API is for: `api.github.com` → `github.com`; an Enterprise Server has one host for both. */
export function githubHostOf(apiUrl: string): string {
  const { host } = new URL(apiUrl);
  return host === 'api.github.com' ? 'github.com' : host;
}
