import * as z from 'zod';
import type { GitHubClient, RestAnswer } from './client.ts';
import { notUnderstood, type Credential } from './failure.ts';
import { PER_PAGE, pagesOf } from './pages.ts';

/** An installation on more repositories, and a user with more installations, than this counts as looked at in full. */
const MAX_PAGES = 10;

const USER_TOKEN: Credential = {
  name: "the user's token",
  remedy: 'Begin the installation again.',
};

const installationsSchema = z.object({
  installations: z.array(
    z.object({ id: z.number(), account: z.object({ login: z.string().optional() }).nullable() }),
  ),
});
const repositoriesSchema = z.object({
  total_count: z.number(),
  repositories: z.array(z.object({ permissions: z.object({ admin: z.boolean() }).optional() })),
});
const userSchema = z.object({ login: z.string() });

/**
 * GitHub lists an installation to everybody who may read one of its repositories. Who installs an app administers all that it covers: the
 * account is their own, or they are an admin of each of its repositories.
 * @param covers how many repositories the installation has
 * @throws ForgeError
 */
export async function administersInstallation(
  client: GitHubClient,
  token: string,
  { installationId, covers }: { readonly installationId: number; readonly covers: () => Promise<number> },
): Promise<boolean> {
  const ask =
    (route: string, more: Readonly<Record<string, unknown>> = {}) =>
    (parameters: Readonly<Record<string, unknown>>): Promise<RestAnswer> =>
      client.rest({
        token,
        credential: USER_TOKEN,
        repository: 'their installations',
        route,
        parameters: { ...more, ...parameters },
      });

  const account = await accountAmong(ask('GET /user/installations'), installationId);
  if (account === undefined) return false;
  const user = understood(userSchema, (await ask('GET /user')({})).data);
  if (user.login.toLowerCase() === account.toLowerCase()) return true;

  const theirs = ask('GET /user/installations/{installation_id}/repositories', {
    installation_id: installationId,
  });
  let total = 0;
  for await (const { data } of pagesOf(theirs, MAX_PAGES)) {
    const page = understood(repositoriesSchema, data);
    if (!page.repositories.every(({ permissions }) => permissions?.admin === true)) return false;
    total = page.total_count;
  }
  // More than was looked at is not vouched for; and what they cannot see is not theirs.
  return total > 0 && total <= MAX_PAGES * PER_PAGE && total === (await covers());
}

/** The account of the installation, when it is in the list. */
async function accountAmong(
  ask: Parameters<typeof pagesOf>[0],
  installationId: number,
): Promise<string | undefined> {
  for await (const { data } of pagesOf(ask, MAX_PAGES)) {
    const { installations } = understood(installationsSchema, data);
    const found = installations.find(({ id }) => id === installationId);
    // An enterprise has no login, and is nobody's own.
    if (found !== undefined) return found.account?.login ?? '';
  }
  return undefined;
}

function understood<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw notUnderstood('its answer about an installation is not what was asked for');
}
