import { requireRead } from '../access.ts';
import { Refusal, notFound } from '../refusal.ts';
import type { Repository } from '../state/repository.ts';
import { findRenamed, findRepository } from '../world.ts';
import { matchPath, pathPattern } from './match.ts';
import type { RepositoryRoute, RestAnswer, RestRequest, Route } from './route.ts';
import { commitRoutes } from './routes/commits.ts';
import { conversationRoutes } from './routes/conversation.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { installationRoute, installationRoutes } from './routes/installations.ts';
import { manifestRoute } from './routes/manifests.ts';
import { platformRoutes } from './routes/platform.ts';
import { pullRoutes } from './routes/pulls.ts';
import { repositoryRoutes } from './routes/repositories.ts';

const IN_REPOSITORY = [
  ...pullRoutes,
  ...conversationRoutes,
  ...commitRoutes,
  ...repositoryRoutes,
  installationRoute,
];

/** The same by name and, where redirects point to, by id. */
function routesOf(route: RepositoryRoute): Route[] {
  const { method, template } = route;
  const named: Route = {
    method,
    template: `/repos/{owner}/{repo}${template}`,
    handle: (request) => inRepository(request, route, named.template, byName(request)),
  };
  const numbered: Route = {
    method,
    template: `/repositories/{repository_id}${template}`,
    handle: (request) => inRepository(request, route, numbered.template, byId(request)),
  };
  return [named, numbered];
}

const ROUTES = [
  ...platformRoutes,
  ...installationRoutes,
  ...deliveryRoutes,
  manifestRoute,
  ...IN_REPOSITORY.flatMap(routesOf),
].map((route) => ({
  route,
  pattern: pathPattern(route.template),
}));

async function inRepository(
  request: RestRequest,
  route: RepositoryRoute,
  template: string,
  repository: Repository | undefined,
): Promise<RestAnswer> {
  if (repository === undefined) {
    redirectRenamed(request, route, template);
    throw notFound();
  }
  requireRead(repository, request.actor);
  return route.handle({ ...request, repository });
}

const byName = ({ world, params }: RestRequest): Repository | undefined =>
  findRepository(world, params['owner'] ?? '', params['repo'] ?? '');

const byId = ({ world, params }: RestRequest): Repository | undefined =>
  [...world.repositories.values()].find(({ id }) => id === Number(params['repository_id']));

/** A repository that was renamed is found by its id: 301 for what reads, 307 for what keeps its body. */
function redirectRenamed(request: RestRequest, route: RepositoryRoute, template: string): void {
  const { world, params, query, actor } = request;
  const renamed = findRenamed(world, params['owner'] ?? '', params['repo'] ?? '');
  if (renamed === undefined) return;
  requireRead(renamed, actor);
  const rest = template
    .slice('/repos/{owner}/{repo}'.length)
    .replaceAll(/\{\+?(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  const location = `${world.urls.api}/repositories/${renamed.id}${rest}${search}`;
  const isRead = route.method === 'GET';
  throw new Refusal(isRead ? 301 : 307, isRead ? 'Moved Permanently' : 'Temporary Redirect', {
    headers: { location },
  });
}

export interface Matched {
  /** `GET /repos/{owner}/{repo}/pulls`; paths by id count as paths by name. */
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
  readonly route: Route;
}

/** The route of a path below the API; undefined: there is none. */
export function matchRoute(method: string, path: string): Matched | undefined {
  for (const { route, pattern } of ROUTES) {
    const params = route.method === method ? matchPath(pattern, path) : undefined;
    if (params === undefined) continue;
    const template = route.template
      .replace('/repositories/{repository_id}', '/repos/{owner}/{repo}')
      .replace('{+', '{');
    return { operation: `${method} ${template}`, params, route };
  }
  return undefined;
}

const DOCS = 'https://docs.github.com/rest';

/** GitHub's body of a refusal. */
export function refusalBody(refusal: Refusal): object {
  const { message, errors, status, headers } = refusal;
  const location = headers['location'];
  return {
    message,
    ...(errors === undefined ? {} : { errors }),
    ...(location === undefined ? {} : { url: location }),
    documentation_url: DOCS,
    status: `${status}`,
  };
}
