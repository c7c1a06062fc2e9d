import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { createModelSecret } from '../adapters/secrets/model-secret.ts';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createWakeUps } from '../adapters/sqs/wake-ups.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { createKmsKey } from '../adapters/tokens/kms-key.ts';
import { createTokenSigner } from '../adapters/tokens/token-signer.ts';
import { createHttpHandler } from '../http/handler.ts';
import type { HttpEvent } from '../http/route.ts';
import { documentClient, environment, once, townStore } from '../runtime.ts';
import { containerRoutes } from './routes.ts';

const variables = z.object({
  TABLE_NAME: z.string(),
  TOWN_QUEUE_URL: z.string(),
  CODE_VERSION: z.string(),
  SOCKET_URL: z.string(),
  SIGNING_KEY_ID: z.string(),
  MAC_KEY_ID: z.string(),
});

const instance = once(() => {
  const env = environment(variables);
  const kms = new KMSClient({});
  const key = createKmsKey(kms, env.SIGNING_KEY_ID, env.MAC_KEY_ID);
  const telemetry = createJsonTelemetry({ service: 'container' });
  const routes = containerRoutes({
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    towns: createWakeUps(createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL), telemetry),
    tokens: createTokenSigner(key, Date.now),
    models: createModelSecret(documentClient(), env.TABLE_NAME, kms),
    now: Date.now,
    socketUrl: env.SOCKET_URL,
  });
  return createHttpHandler(routes, telemetry);
});

export const handler = (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => instance()(event);
