import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { ECSClient } from '@aws-sdk/client-ecs';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { createEcsTasks } from '../adapters/ecs/tasks.ts';
import { createContainerConnections } from '../adapters/socket/connections.ts';
import { createContainerSocket } from '../adapters/socket/container-socket.ts';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { createKmsKey } from '../adapters/tokens/kms-key.ts';
import { createTokenSigner } from '../adapters/tokens/token-signer.ts';
import { documentClient, environment, once, townStore } from '../runtime.ts';
import { createWorkerHandler } from './handler.ts';

const list = z.string().transform((text) => text.split(','));
const variables = z.object({
  TABLE_NAME: z.string(),
  TOWN_QUEUE_URL: z.string(),
  CODE_VERSION: z.string(),
  API_URL: z.string(),
  CONNECTIONS_URL: z.string(),
  SIGNING_KEY_ID: z.string(),
  MAC_KEY_ID: z.string(),
  CLUSTER: z.string(),
  TASK_DEFINITION: z.string(),
  CONTAINER_NAME: z.string(),
  SUBNETS: list,
  SECURITY_GROUPS: list,
});

const instance = once(() => {
  const env = environment(variables);
  const telemetry = createJsonTelemetry({ service: 'worker' });
  const key = createKmsKey(new KMSClient({}), env.SIGNING_KEY_ID, env.MAC_KEY_ID);
  return createWorkerHandler({
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    towns: createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL),
    tasks: createEcsTasks({
      ecs: new ECSClient({}),
      tokens: createTokenSigner(key, Date.now),
      cluster: env.CLUSTER,
      taskDefinition: env.TASK_DEFINITION,
      containerName: env.CONTAINER_NAME,
      subnets: env.SUBNETS,
      securityGroups: env.SECURITY_GROUPS,
      apiUrl: env.API_URL,
    }),
    socket: createContainerSocket(
      new ApiGatewayManagementApiClient({ endpoint: env.CONNECTIONS_URL }),
      createContainerConnections(documentClient(), env.TABLE_NAME),
      telemetry,
    ),
    telemetry,
    now: Date.now,
  });
});

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => instance()(event);
