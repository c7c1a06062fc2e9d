import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { githubHostOf } from '../../core/town/config/github-host.ts';
import { createDeliveries } from '../adapters/dynamodb/deliveries.ts';
import { createIntegrationStore } from '../adapters/dynamodb/integrations.ts';
import { createRepositoryRows } from '../adapters/dynamodb/repository-rows.ts';
import { createSecretSource } from '../adapters/github/secrets-manager.ts';
import { parseWebhookSecrets } from '../adapters/github/webhook-secret.ts';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createHttpHandler } from '../http/handler.ts';
import { createObservability } from '../http/observed-handler.ts';
import type { HttpEvent } from '../http/route.ts';
import { documentClient, environment, once, townStore } from '../runtime.ts';
import { webhookRoutes } from './routes.ts';

const variables = z.object({
  TABLE_NAME: z.string(),
  TOWN_QUEUE_URL: z.string(),
  CODE_VERSION: z.string(),
  GITHUB_WEBHOOK_SECRET_ARN: z.string(),
  GITHUB_API_URL: z.url().default('https://api.github.com'),
});

type Handler = (event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

const instance = once((): Handler => {
  const env = environment(variables);
  const table = { client: documentClient(), tableName: env.TABLE_NAME };
  const { telemetry, onRequest, observe } = createObservability('webhook');
  const routes = webhookRoutes({
    secrets: createSecretSource({
      client: new SecretsManagerClient({}),
      arn: env.GITHUB_WEBHOOK_SECRET_ARN,
      parse: parseWebhookSecrets,
      now: Date.now,
    }),
    deliveries: createDeliveries(table, Date.now),
    integrations: createIntegrationStore(table),
    repositories: createRepositoryRows(table),
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    towns: createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL),
    telemetry,
    githubHost: githubHostOf(env.GITHUB_API_URL),
    now: Date.now,
  });
  return observe(createHttpHandler(routes, telemetry, { onRequest }));
});

export const handler: Handler = (event, context) => instance()(event, context);
