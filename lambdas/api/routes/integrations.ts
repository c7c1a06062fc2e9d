import * as z from 'zod';
import { userOf } from '../../http/claims.ts';
import { defineRedirect } from '../../http/define-redirect.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Route } from '../../http/route.ts';
import * as answers from '../answers/integration.ts';
import { listOf } from '../answers/list.ts';
import type { ApiDeps } from '../context.ts';
import { isOf, requestedIntegration } from '../integrations/access.ts';
import { finishInstall } from '../integrations/finish-install.ts';
import { installUrl } from '../integrations/install-url.ts';
import { page } from '../page.ts';
import { installReturnQuery, installUrlQuery, pageQuery } from '../queries.ts';
import { INTEGRATIONS } from './paths.ts';

const installAddress = z
  .strictObject({
    url: z.string().meta({ description: 'Send the browser there as it stands, within ten minutes and once' }),
  })
  .meta({ id: 'InstallUrl' });

/** What gives access to repositories, and how a user comes to have it. */
export const integrationRoutes = (deps: ApiDeps): Route[] => [
  defineRoute({
    operationId: 'listIntegrations',
    method: 'GET',
    path: INTEGRATIONS,
    auth: 'user',
    tag: 'integrations',
    summary: "List one's own integrations and those of one's organisations",
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('IntegrationList', answers.integration),
      example: { items: [answers.integrationExample], nextCursor: null },
    },
    run: async (request) => {
      const user = userOf(request.event);
      const listed = await deps.integrations.integrationsOf(user.id, user.orgIds);
      // The listing is an index: whose one is stands in itself.
      const own = listed.filter((one) => isOf(user, one));
      return page(deps.cursors, request, own, answers.presentIntegration);
    },
  }),
  defineRoute({
    operationId: 'listIntegrationRepositories',
    method: 'GET',
    path: `${INTEGRATIONS}/{integrationId}/repositories`,
    auth: 'user',
    tag: 'integrations',
    summary: 'List the repositories that an integration reaches; none while it is suspended',
    query: pageQuery,
    answer: {
      status: 200,
      schema: listOf('RepositoryList', answers.repository),
      example: { items: [answers.repositoryExample], nextCursor: null },
    },
    run: async (request) => {
      const { event, params } = request;
      const { state, installationId } = await requestedIntegration(
        deps.integrations,
        userOf(event),
        params.integrationId,
      );
      const reached = state === 'active' ? await deps.githubApp.repositories(installationId) : [];
      const byName = reached.map((one) => ({ ...one, id: one.fullName }));
      return page(deps.cursors, request, byName, answers.presentRepository);
    },
  }),
  defineRoute({
    operationId: 'getInstallUrl',
    method: 'GET',
    path: `${INTEGRATIONS}/github/install-url`,
    auth: 'user',
    tag: 'integrations',
    summary: 'Get the address where a browser installs the GitHub App',
    query: installUrlQuery,
    answer: {
      status: 200,
      schema: installAddress,
      example: {
        url: 'https://github.com/apps/gastown-example/installations/new?state=WfA2v0m8mJwqz1c3H5t7Y9b1d3f5h7j9l1n3p5r7t9v.MAC',
      },
    },
    run: async ({ event, query }) => ({ url: await installUrl(deps, userOf(event), query) }),
  }),
  defineRedirect({
    operationId: 'finishInstall',
    path: `${INTEGRATIONS}/github/callback`,
    tag: 'integrations',
    summary: 'Where GitHub sends the browser back to; it goes on to the console with what became of it',
    query: installReturnQuery,
    example: 'https://console.example.com/onboarding?step=repo&github_install=success',
    run: ({ query, at }) => finishInstall(deps, query, at),
  }),
];
