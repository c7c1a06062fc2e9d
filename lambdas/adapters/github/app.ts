import * as z from 'zod';
import { mayUse } from '../../../core/integration.ts';
import type {
  AppInstallation,
  GitHubApp,
  IntegrationStore,
  Now,
  ReachedRepository,
  TownStore,
} from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { administersInstallation } from './administers.ts';
import { createAppClient } from './app-client.ts';
import type { AppSecretSource } from './app-secret.ts';
import { createGitHubClient, type GitHubClientOptions } from './client.ts';
import { notUnderstood, type Credential } from './failure.ts';
import { createInstallationTokens } from './installation-tokens.ts';
import { pagesOf } from './pages.ts';
import { redeliverLost, REDELIVERY_MS } from './redelivery.ts';
import { tokenOfUser } from './user-code.ts';
import { webUrlOf } from './web-url.ts';

export interface GitHubAppOptions extends GitHubClientOptions {
  readonly secrets: AppSecretSource;
  readonly integrations: Pick<IntegrationStore, 'integration'>;
  readonly store: Pick<TownStore, 'head'>;
  readonly now: Now;
}

const INSTALLATION_TOKEN: Credential = {
  name: "the installation's token",
  remedy: 'It is asked for anew.',
};
/** A thousand repositories. */
const MAX_PAGES = 10;

const installationSchema = z.object({
  id: z.number().int().positive(),
  account: z.object({ login: z.string(), type: z.string() }),
  repository_selection: z.enum(['all', 'selected']),
  suspended_at: z.string().nullish(),
});
const repositoriesSchema = z.object({
  total_count: z.number(),
  repositories: z.array(
    z.object({
      full_name: z.string(),
      clone_url: z.string(),
      default_branch: z.string(),
      private: z.boolean(),
    }),
  ),
});

/** The GitHub App, by its key. Make it once a process: it remembers tokens. Every call of GitHub ends within 10 s. */
export function createGitHubApp(options: GitHubAppOptions): GitHubApp {
  const { secrets, integrations, store, now } = options;
  const webUrl = webUrlOf(options.apiUrl);
  const client = createGitHubClient(options);
  const app = createAppClient({ client, secrets, now });
  const pageOf = (installationId: number): string => `${webUrl}/settings/installations/${installationId}`;
  const tokens = createInstallationTokens({ app, now, pageOf });

  const pagesOfRepositories = async function* (installationId: number) {
    const { token } = await tokens.forNames(installationId);
    const ask = (parameters: Readonly<Record<string, unknown>>) =>
      client.rest({
        token,
        credential: INSTALLATION_TOKEN,
        repository: `installation ${installationId}`,
        route: 'GET /installation/repositories',
        parameters,
      });
    for await (const { data } of pagesOf(ask, MAX_PAGES)) {
      const page = repositoriesSchema.safeParse(data).data;
      if (page === undefined) throw notUnderstood('its answer is no list of repositories');
      yield page;
    }
  };
  const covers = async (installationId: number): Promise<number> => {
    for await (const { total_count: count } of pagesOfRepositories(installationId)) return count;
    return 0;
  };

  return {
    async about() {
      const known = await app.known();
      return known === undefined ? undefined : { slug: known.slug, clientId: known.clientId };
    },
    async token({ townId, integrationId, repository }) {
      const [integration, head] = await Promise.all([
        integrations.integration(integrationId),
        store.head(townId),
      ]);
      // One that is not the town's is as one that is not there.
      if (integration === undefined || head === undefined || !mayUse(head, integration))
        throw new ForgeError(
          'no_token',
          "There is no such integration of the town's owner: choose one of theirs.",
        );
      const { state, account, installationId } = integration;
      if (state === 'deleted')
        throw new ForgeError(
          'no_token',
          `The GitHub App was uninstalled from ${account.login}: install it again, or choose another integration.`,
        );
      if (state === 'suspended')
        throw new ForgeError(
          'no_token',
          `The GitHub App is suspended at ${account.login}: allow it at ${pageOf(installationId)}`,
        );
      return tokens.forRepository(integration, repository);
    },
    async installation(installationId) {
      const { status, data } = await app.ask({
        about: `installation ${installationId}`,
        route: 'GET /app/installations/{installation_id}',
        parameters: { installation_id: installationId },
        expected: [404],
      });
      return status === 404 ? undefined : installationOf(data);
    },
    async repositories(installationId) {
      const found: ReachedRepository[] = [];
      for await (const { repositories } of pagesOfRepositories(installationId)) {
        found.push(
          ...repositories.map((each) => ({
            fullName: each.full_name,
            gitUrl: each.clone_url,
            defaultBranch: each.default_branch,
            isPrivate: each.private,
          })),
        );
      }
      return found;
    },
    async administers({ code, installationId }) {
      // For this one question; it is kept nowhere.
      const token = await tokenOfUser({ webUrl, fetch: options.fetch }, await app.secret(), code);
      return administersInstallation(client, token, {
        installationId,
        covers: () => covers(installationId),
      });
    },
    redeliver(since) {
      const startedAt = now();
      return redeliverLost(app, since, () => now() - startedAt > REDELIVERY_MS);
    },
  };
}

function installationOf(data: unknown): AppInstallation {
  const parsed = installationSchema.safeParse(data).data;
  if (parsed === undefined) throw notUnderstood('its answer is no installation');
  const { id, account, repository_selection: selection, suspended_at: suspendedAt } = parsed;
  return {
    installationId: id,
    account,
    selection,
    isSuspended: suspendedAt !== null && suspendedAt !== undefined,
  };
}
