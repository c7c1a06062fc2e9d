/** `https://host/…`, `ssh://git@host/…`, and `git@host:…`, the form of scp. */
const ADDRESS =
  /^(?:https?:\/\/(?:[^/@]*@)?|ssh:\/\/(?:[^/@]*@)?|[^/@:]+@)(?<host>[^/:]+(?::\d+)?)[/:]\/?(?<path>[^?#]+)$/;

/**
 * How a git URL and a forge's own word for the same repository are compared: `github.com/owner/name`, in lower case. Undefined: the URL is
 * none of a host (a local path).
 */
export function repositoryNameOf(gitUrl: string): string | undefined {
  const { host, path } = ADDRESS.exec(gitUrl)?.groups ?? {};
  if (host === undefined || path === undefined) return undefined;
  return `${host}/${path.replace(/\/+$/, '').replace(/\.git$/, '')}`.toLowerCase();
}
