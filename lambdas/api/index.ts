import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createWakeUps } from '../adapters/sqs/wake-ups.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { createHttpHandler } from '../http/handler.ts';
import type { HttpEvent } from '../http/route.ts';
import { environment, once, townStore } from '../runtime.ts';
import { apiRoutes } from './routes.ts';

const variables = z.object({ TABLE_NAME: z.string(), TOWN_QUEUE_URL: z.string(), CODE_VERSION: z.string() });

const instance = once(() => {
  const env = environment(variables);
  const telemetry = createJsonTelemetry({ service: 'api' });
  const routes = apiRoutes({
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    towns: createWakeUps(createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL), telemetry),
    now: Date.now,
    version: env.CODE_VERSION,
    allowsLocalGitUrls: false,
  });
  return createHttpHandler(routes, telemetry);
});

export const handler = (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => instance()(event);
