import type { Actor } from '../../access.ts';
import type { RateState } from '../../rate-limit.ts';
import { Refusal, notFound } from '../../refusal.ts';
import type { Delivery } from '../../webhooks/webhooks.ts';
import type { RepositoryRoute, Route } from '../route.ts';
import { iso, repositoryShape, userShape } from '../shapes.ts';

const rateShape = ({ limit, remaining, used, resetAt }: RateState) => ({
  limit,
  remaining,
  used,
  reset: resetAt / 1000,
});

/** @throws Refusal 401 */
function requireApp(actor: Actor): void {
  if (actor.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
}

const deliveryShape = (delivery: Delivery) => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: iso(delivery.deliveredAt),
  redelivery: delivery.isRedelivery,
  status: delivery.status,
  status_code: delivery.statusCode,
  event: delivery.event,
  action: delivery.action ?? null,
});

/** Where an app finds its installation. */
export const installationRoute: RepositoryRoute = {
  method: 'GET',
  template: '/installation',
  handle({ world, repository, actor, app }) {
    requireApp(actor);
    const account = userShape(world, repository.owner);
    return { status: 200, body: { id: app.installationId, app_id: app.id, app_slug: app.slug, account } };
  },
};

/** What belongs to no repository: limits, who one is, and what an app asks for. */
export const platformRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/rate_limit',
    handle({ rateLimits, actor }) {
      const core = rateShape(rateLimits.read(actor.login, 'core'));
      const graphql = rateShape(rateLimits.read(actor.login, 'graphql'));
      return { status: 200, body: { resources: { core, graphql }, rate: core } };
    },
  },
  {
    method: 'GET',
    template: '/user',
    handle({ world, actor }) {
      if (actor.kind !== 'token') throw new Refusal(401, 'Requires authentication');
      return { status: 200, body: userShape(world, actor.login) };
    },
  },
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
    template: '/installation/repositories',
    handle({ world, actor }) {
      const repositories = [...world.repositories.values()].filter(({ access }) => access.has(actor.login));
      return {
        status: 200,
        body: {
          total_count: repositories.length,
          repositories: repositories.map((repository) => repositoryShape(world, repository)),
        },
      };
    },
  },
  {
    method: 'POST',
    template: '/app/installations/{installation_id}/access_tokens',
    handle({ access, actor, params }) {
      requireApp(actor);
      const { token, expiresAt } = access.issueForInstallation(Number(params['installation_id']));
      return {
        status: 201,
        body: {
          token,
          expires_at: iso(expiresAt),
          permissions: { contents: 'write', pull_requests: 'write', checks: 'read', metadata: 'read' },
          repository_selection: 'all',
        },
      };
    },
  },
  {
    method: 'GET',
    template: '/app/hook/deliveries',
    handle({ actor, query, webhooks }) {
      requireApp(actor);
      const perPage = Math.min(100, Number(query.get('per_page') ?? 30));
      // Newest first; a cursor is the last delivery that was seen.
      const before = Number(query.get('cursor') ?? Number.POSITIVE_INFINITY);
      const isFailure = query.get('status') === 'failure';
      const found = webhooks
        .deliveries()
        .toReversed()
        .filter(({ id, statusCode }) => id < before && (!isFailure || statusCode < 200 || statusCode > 399))
        .slice(0, perPage);
      return { status: 200, body: found.map(deliveryShape) };
    },
  },
  {
    method: 'GET',
    template: '/app/hook/deliveries/{delivery_id}',
    handle({ actor, params, webhooks }) {
      requireApp(actor);
      const delivery = webhooks.deliveries().find(({ id }) => id === Number(params['delivery_id']));
      if (delivery === undefined) throw notFound();
      const payload: unknown = JSON.parse(delivery.body);
      return { status: 200, body: { ...deliveryShape(delivery), request: { payload } } };
    },
  },
  {
    method: 'POST',
    template: '/app/hook/deliveries/{delivery_id}/attempts',
    handle({ actor, params, webhooks }) {
      requireApp(actor);
      webhooks.redeliver(Number(params['delivery_id']));
      return { status: 202, body: {} };
    },
  },
];
