import { appFrom } from '../../app-manifest.ts';
import { notFound } from '../../refusal.ts';
import type { Route } from '../route.ts';
import { userShape } from '../shapes.ts';

/** Makes the app that a manifest asked for: it takes the place of the forge's app. */
export const manifestRoute: Route = {
  method: 'POST',
  template: '/app-manifests/{code}/conversions',
  handle({ world, app, codes, params, webhooks }) {
    const asked = codes.manifests.take(params['code'] ?? '');
    if (asked === undefined) throw notFound();
    const made = appFrom(asked, world.ids.next('app') + 1000);
    const { webhookSecret, privateKey, ...own } = made;
    Object.assign(app, own);
    const { hook_attributes: hook } = asked.manifest;
    if (hook?.active === true) webhooks.configure({ url: hook.url, secret: webhookSecret });
    return {
      status: 201,
      body: {
        id: own.id,
        slug: own.slug,
        name: asked.manifest.name,
        owner: userShape(world, asked.owner),
        html_url: `${world.urls.web}/apps/${own.slug}`,
        client_id: own.clientId,
        client_secret: own.clientSecret,
        webhook_secret: webhookSecret,
        pem: privateKey,
        permissions: own.permissions,
        events: asked.manifest.default_events,
      },
    };
  },
};
