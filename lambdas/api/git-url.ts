import { InvalidInput } from '../../core/errors.ts';

/**
 * What is refused is not said back: it may hold a password.
 * @throws InvalidInput (path `gitUrl`)
 */
export function checkGitUrl(gitUrl: string, allowsLocal: boolean): void {
  const refuse = (message: string): never => {
    throw new InvalidInput(`The git URL cannot be used: ${message}`, [{ path: 'gitUrl', message }]);
  };
  // A URL parser skips them silently; git and its credential helpers do not.
  if (/[\s\p{Cc}]/u.test(gitUrl)) refuse('it has white space or control characters');
  if (gitUrl.startsWith('/') || gitUrl.startsWith('file:')) {
    if (!allowsLocal) refuse('paths on a machine work in local mode only; use https://…');
    return;
  }
  if (/^[^/]+@[^/]+:/.test(gitUrl))
    refuse('SSH addresses are not supported; use the https:// address of the repository');
  if (!URL.canParse(gitUrl)) refuse('it is not a URL; it looks like https://host/owner/repository.git');
  const url = new URL(gitUrl);
  if (url.protocol !== 'https:') refuse('only https:// is supported');
  if (url.username !== '' || url.password !== '')
    refuse('leave credentials out of it; configure them in the town');
}
