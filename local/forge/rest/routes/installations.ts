import * as z from 'zod';
import type { Actor, AppOptions, TokenPermissions } from '../../access.ts';
import { Refusal, notFound } from '../../refusal.ts';
import type { Repository } from '../../state/repository.ts';
import type { World } from '../../world.ts';
import { parseBody } from '../body.ts';
import { pageOf } from '../page.ts';
import { requireApp } from '../require-app.ts';
import type { RepositoryRoute, RestRequest, Route } from '../route.ts';
import { iso, repositoryDetails, repositoryShape, userShape } from '../shapes.ts';

const isOfAccount = ({ owner }: Pick<Repository, 'owner'>, { account }: AppOptions): boolean =>
  account === undefined || owner.toLowerCase() === account.toLowerCase();

/** What the installation covers. */
const isCovered = (repository: Repository, app: AppOptions): boolean =>
  repository.access.has(`${app.slug}[bot]`) && isOfAccount(repository, app);

const coveredBy = (world: World, app: AppOptions): Repository[] =>
  [...world.repositories.values()].filter((repository) => isCovered(repository, app));

const accountOf = (world: World, app: AppOptions): string =>
  app.account ?? coveredBy(world, app)[0]?.owner ?? 'acme';

function installationShape({ world, access, app }: RestRequest, account: string) {
  const all = [...world.repositories.values()].filter((repository) => isOfAccount(repository, app));
  return {
    id: app.installationId,
    app_id: app.id,
    app_slug: app.slug,
    account: userShape(world, account),
    repository_selection: all.every((repository) => isCovered(repository, app)) ? 'all' : 'selected',
    permissions: app.permissions,
    suspended_at: access.installation === 'suspended' ? iso(world.now()) : null,
  };
}

/** @throws Refusal 404 */
function requireInstallation({ access, app, params }: RestRequest): void {
  const isThere = Number(params['installation_id']) === app.installationId;
  if (!isThere || access.installation === 'deleted') throw notFound();
}

/** @throws Refusal 403 */
function requireUserOfApp(actor: Actor): void {
  if (actor.isThroughApp !== true)
    throw new Refusal(
      403,
      'You must authenticate with an access token authorized to a GitHub App in order to list installations',
    );
}

const narrowing = z.object({
  repositories: z.array(z.string()).max(500).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

/** @throws Refusal 422 for more than the installation has */
function narrowedPermissions(
  { permissions: granted }: AppOptions,
  wanted: TokenPermissions | undefined,
): TokenPermissions {
  const isGranted = ([name, level]: [string, 'read' | 'write']): boolean =>
    granted[name] === 'write' || granted[name] === level;
  if (!Object.entries(wanted ?? {}).every(isGranted))
    throw new Refusal(422, 'The permissions requested are not granted to this installation.');
  return wanted ?? granted;
}

/** @throws Refusal 422 for a repository that the installation does not cover */
function narrowedRepositories(
  { world, app }: RestRequest,
  names: readonly string[] | undefined,
): Repository[] | undefined {
  const covered = coveredBy(world, app);
  return names?.map((name) => {
    const found = covered.find((repository) => repository.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  });
}

/** Where an app finds its installation. */
export const installationRoute: RepositoryRoute = {
  method: 'GET',
  template: '/installation',
  handle(request) {
    requireApp(request.actor);
    return { status: 200, body: installationShape(request, request.repository.owner) };
  },
};

/** The app, its installation, and who sees that. */
export const installationRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/app',
    handle({ actor, app }) {
      requireApp(actor);
      return { status: 200, body: { id: app.id, slug: app.slug, name: app.slug } };
    },
  },
  {
    method: 'GET',
    template: '/app/installations/{installation_id}',
    handle(request) {
      const { world, actor, app } = request;
      requireApp(actor);
      requireInstallation(request);
      return { status: 200, body: installationShape(request, accountOf(world, app)) };
    },
  },
  {
    method: 'POST',
    template: '/app/installations/{installation_id}/access_tokens',
    handle(request) {
      const { world, access, actor, app, params, body } = request;
      requireApp(actor);
      const wanted = parseBody(narrowing, body);
      const permissions = narrowedPermissions(app, wanted.permissions);
      const chosen = narrowedRepositories(request, wanted.repositories);
      const ids = chosen === undefined ? undefined : new Set(chosen.map(({ id }) => id));
      const covers = (repository: Repository): boolean =>
        isCovered(repository, app) && ids?.has(repository.id) !== false;
      const { token, expiresAt } = access.issueForInstallation(Number(params['installation_id']), {
        covers,
        permissions,
      });
      return {
        status: 201,
        body: {
          token,
          expires_at: iso(expiresAt),
          permissions,
          repository_selection: chosen === undefined ? 'all' : 'selected',
          ...(chosen === undefined
            ? {}
            : { repositories: chosen.map((each) => repositoryShape(world, each)) }),
        },
      };
    },
  },
  {
    method: 'GET',
    template: '/installation/repositories',
    handle(request) {
      const { world, actor } = request;
      const found = [...world.repositories.values()].filter(
        (repository) => repository.access.has(actor.login) && actor.scope?.covers(repository) !== false,
      );
      const { items, headers } = pageOf(request, '/installation/repositories', found);
      const repositories = items.map((repository) => repositoryShape(world, repository));
      return { status: 200, headers, body: { total_count: found.length, repositories } };
    },
  },
  {
    method: 'GET',
    template: '/user/installations',
    handle(request) {
      const { world, access, actor, app } = request;
      requireUserOfApp(actor);
      const account = accountOf(world, app);
      const isSeen =
        account === actor.login || coveredBy(world, app).some((each) => each.access.has(actor.login));
      const isListed = isSeen && access.installation !== 'deleted';
      const installations = isListed ? [installationShape(request, account)] : [];
      return { status: 200, body: { total_count: installations.length, installations } };
    },
  },
  {
    method: 'GET',
    template: '/user/installations/{installation_id}/repositories',
    handle(request) {
      const { world, actor, app } = request;
      requireUserOfApp(actor);
      requireInstallation(request);
      const found = coveredBy(world, app).filter(({ access }) => access.has(actor.login));
      const path = `/user/installations/${app.installationId}/repositories`;
      const { items, headers } = pageOf(request, path, found);
      const repositories = items.map((repository) => ({
        ...repositoryShape(world, repository),
        ...repositoryDetails(repository, actor.login),
      }));
      return { status: 200, headers, body: { total_count: found.length, repositories } };
    },
  },
];
