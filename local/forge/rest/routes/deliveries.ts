import { notFound } from '../../refusal.ts';
import type { Delivery } from '../../webhooks/webhooks.ts';
import { requireApp } from '../require-app.ts';
import type { Route } from '../route.ts';
import { iso } from '../shapes.ts';

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

/** What the app's webhook was sent, for the app. */
export const deliveryRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/app/hook/deliveries',
    handle({ world, actor, query, webhooks }) {
      requireApp(actor);
      const perPage = Math.min(100, Number(query.get('per_page') ?? 30));
      // Newest first; a cursor is the last delivery that was seen.
      const before = Number(query.get('cursor') ?? Number.POSITIVE_INFINITY);
      const isFailure = query.get('status') === 'failure';
      const found = webhooks
        .deliveries()
        .toReversed()
        .filter(({ id, statusCode }) => id < before && (!isFailure || statusCode < 200 || statusCode > 399));
      const page = found.slice(0, perPage);
      const others = new URLSearchParams(query);
      others.set('cursor', `${page.at(-1)?.id ?? 0}`);
      const link = `<${world.urls.api}/app/hook/deliveries?${others.toString()}>; rel="next"`;
      const headers = found.length > perPage ? { link } : {};
      return { status: 200, headers, body: page.map(deliveryShape) };
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
