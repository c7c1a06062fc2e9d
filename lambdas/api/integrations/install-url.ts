import { NotFound, Unavailable } from '../../../core/errors.ts';
import { returnPath } from '../../../core/install/return-path.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../context.ts';
import { SET_UP_THE_APP } from '../github-app.ts';

/**
 * Where a browser installs the GitHub App for the caller, or for one of their organisations.
 * @throws NotFound, Unavailable, ForgeError
 */
export async function installUrl(
  { githubApp, githubHost, installStates }: Pick<ApiDeps, 'githubApp' | 'githubHost' | 'installStates'>,
  caller: Caller,
  wish: { readonly orgId?: string | undefined; readonly return?: string | undefined },
): Promise<string> {
  const { orgId } = wish;
  if (orgId !== undefined && !caller.orgIds.includes(orgId)) {
    throw new NotFound('You are in no organisation of this name.');
  }
  const app = await githubApp.about();
  if (app === undefined) throw new Unavailable(SET_UP_THE_APP);
  const state = await installStates.issueState({
    userId: caller.id,
    orgId,
    returnPath: returnPath(wish.return),
  });
  const url = new URL(`https://${githubHost}/apps/${encodeURIComponent(app.slug)}/installations/new`);
  url.searchParams.set('state', state);
  return url.href;
}
