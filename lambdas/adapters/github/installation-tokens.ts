import * as z from 'zod';
import type { Integration } from '../../../core/integration.ts';
import type { Now } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { minutes, type Instant } from '../../../core/town/instant.ts';
import type { AppClient } from './app-client.ts';
import { notUnderstood, wordsOf } from './failure.ts';
import { fullName, type RepositoryName } from './repository.ts';

export interface InstallationToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Tokens of installations, remembered while they have some minutes to live. All methods throw `ForgeError`. */
export interface InstallationTokens {
  /**
   * @param installation.updatedAt when something became of it: GitHub may have taken back what was given before
   * @throws ForgeError `no_token` when the installation is gone or suspended, or does not cover the repository
   */
  forRepository(
    installation: Pick<Integration, 'installationId' | 'updatedAt'>,
    repository: RepositoryName,
  ): Promise<InstallationToken>;
  /** Sees the names of all that the installation covers, and nothing more. */
  forNames(installationId: number): Promise<InstallationToken>;
}

/** A git operation that begins with a token ends with it. */
const MIN_LIFE_MS = minutes(10);
const MAX_REMEMBERED = 1000;

/** What pull requests need (`PERMISSIONS` of failure.ts). */
const FOR_PULL_REQUESTS = {
  contents: 'write',
  pull_requests: 'write',
  checks: 'read',
  actions: 'read',
  statuses: 'read',
  administration: 'read',
  metadata: 'read',
} as const;

const tokenSchema = z.object({
  token: z.string().min(1),
  expires_at: z.string().transform((text, context) => {
    const at = Date.parse(text);
    if (Number.isNaN(at)) context.addIssue('no time');
    return at;
  }),
  /** Only where the token was narrowed. */
  repositories: z.array(z.object({ full_name: z.string() })).optional(),
});

interface Wanted {
  readonly key: string;
  readonly about: string;
  readonly installationId: number;
  readonly narrowed: Readonly<Record<string, unknown>>;
  readonly repository?: RepositoryName;
}

/** @param pageOf where people see an installation */
export function createInstallationTokens(options: {
  readonly app: AppClient;
  readonly now: Now;
  readonly pageOf: (installationId: number) => string;
}): InstallationTokens {
  const { app, now, pageOf } = options;
  const remembered = new Map<string, InstallationToken>();
  /** Those who want the same at the same time are given the same. */
  const asking = new Map<string, Promise<InstallationToken>>();

  const ask = async ({ about, installationId, narrowed, repository }: Wanted): Promise<InstallationToken> => {
    const { status, data } = await app.ask({
      about,
      route: 'POST /app/installations/{installation_id}/access_tokens',
      parameters: { installation_id: installationId, ...narrowed },
      expected: [403, 404, 422],
    });
    const page = pageOf(installationId);
    if (status !== 201) throw refused(status, wordsOf(data, { token: '' }), { about, page });
    const given = tokenSchema.safeParse(data).data;
    if (given === undefined) throw notUnderstood('its answer is no token of an installation');
    // By name alone GitHub takes a repository of the installation's own account, whoever the owner of the wanted one is.
    const isCovered =
      repository === undefined ||
      given.repositories?.some(
        (each) => each.full_name.toLowerCase() === fullName(repository).toLowerCase(),
      ) === true;
    if (!isCovered) throw refused(422, '', { about, page });
    return { token: given.token, expiresAt: given.expires_at };
  };

  const give = async (wanted: Wanted): Promise<InstallationToken> => {
    const { key } = wanted;
    const known = remembered.get(key);
    if (known !== undefined && known.expiresAt - now() > MIN_LIFE_MS) return known;
    const answer = asking.get(key) ?? ask(wanted).finally(() => asking.delete(key));
    asking.set(key, answer);
    const given = await answer;
    remembered.delete(key);
    remembered.set(key, given);
    // The one that was made first expires first.
    for (const first of remembered.keys()) {
      if (remembered.size <= MAX_REMEMBERED) break;
      remembered.delete(first);
    }
    return given;
  };

  return {
    forRepository: ({ installationId, updatedAt }, repository) =>
      give({
        key: `${installationId} ${updatedAt} ${fullName(repository).toLowerCase()}`,
        about: fullName(repository),
        installationId,
        narrowed: { repositories: [repository.name], permissions: FOR_PULL_REQUESTS },
        repository,
      }),
    forNames: (installationId) =>
      give({
        key: `${installationId}`,
        about: `installation ${installationId}`,
        installationId,
        narrowed: { permissions: { metadata: 'read' } },
      }),
  };
}

/** GitHub gives no token, for a reason that people can remove. */
function refused(
  status: number,
  words: string,
  { about, page }: { about: string; page: string },
): ForgeError {
  const no = (message: string): ForgeError => new ForgeError('no_token', message);
  if (status === 404) return no('GitHub knows the installation of the app no more: install the app again.');
  if (/suspend/i.test(words))
    return no(`The installation of the GitHub App is suspended: allow it at ${page}`);
  if (status === 403 || /permission/i.test(words))
    return no(
      `The installation of the GitHub App has not been granted what pull requests need: accept its permissions at ${page}`,
    );
  return no(`The installation of the GitHub App does not cover ${about}: add the repository at ${page}`);
}
