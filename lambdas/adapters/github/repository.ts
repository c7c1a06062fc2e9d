import { ForgeError } from '../../../core/pull-request/forge-error.ts';

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

export const fullName = ({ owner, name }: RepositoryName): string => `${owner}/${name}`;

/** `git@host:owner/name.git`, the form of scp. */
const SCP = /^[^/@:]+@(?<hostname>[^/:]+):(?<path>[^:]+)$/;
/** GitHub's rules for logins (with the `_` of managed users) and repositories. */
const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const NAME = /^[A-Za-z0-9_.-]+$/;
/** Where github.com takes SSH behind firewalls. */
const SSH_ALIAS = 'ssh.github.com';

/**
 * What is refused is not said back: it may hold a password.
 * @param githubHost `github.com`, or that of an Enterprise Server; with the port when it has one
 * @throws ForgeError (`unrecognized_url`, `host_mismatch`)
 */
export function repositoryOf(gitUrl: string, githubHost: string): RepositoryName {
  const { isOnHost, path } = located(gitUrl, githubHost);
  if (!isOnHost)
    throw new ForgeError(
      'host_mismatch',
      `The rig's git URL is not of ${githubHost}, the GitHub that this installation asks: correct the URL, or GITHUB_API_URL.`,
    );
  const [owner = '', last = '', ...more] = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  const name = last.replace(/\.git$/, '');
  if (more.length > 0 || !OWNER.test(owner) || !NAME.test(name) || name === '.' || name === '..')
    throw unrecognized(githubHost);
  return { owner, name };
}

function located(gitUrl: string, githubHost: string): { isOnHost: boolean; path: string } {
  const { hostname } = new URL(`https://${githubHost}`);
  // An SSH address has a port of its own, so that names alone are compared.
  const isSshHost = (name: string): boolean => {
    const lower = name.toLowerCase();
    return lower === hostname || (lower === SSH_ALIAS && hostname === 'github.com');
  };
  const scp = SCP.exec(gitUrl)?.groups;
  if (scp !== undefined) return { isOnHost: isSshHost(scp['hostname'] ?? ''), path: scp['path'] ?? '' };
  if (!URL.canParse(gitUrl)) throw unrecognized(githubHost);
  const url = new URL(gitUrl);
  if (url.search !== '' || url.hash !== '') throw unrecognized(githubHost);
  if (url.protocol === 'ssh:') return { isOnHost: isSshHost(url.hostname), path: url.pathname };
  // The token goes to the API's address and never to this one: a server without TLS does not see it.
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw unrecognized(githubHost);
  return { isOnHost: url.host === githubHost, path: url.pathname };
}

const unrecognized = (githubHost: string): ForgeError =>
  new ForgeError(
    'unrecognized_url',
    `The rig's git URL is not that of a GitHub repository: it looks like https://${githubHost}/owner/name.git.`,
  );
