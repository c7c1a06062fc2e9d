import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { ECSClient } from '@aws-sdk/client-ecs';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { createExportStore } from '../adapters/dynamodb/exports.ts';
import { createImportStore } from '../adapters/dynamodb/imports.ts';
import { createPurgeStore } from '../adapters/dynamodb/purge.ts';
import { createEcsTasks } from '../adapters/ecs/tasks.ts';
import { createObjectStore } from '../adapters/s3/object-store.ts';
import { createKmsCipher } from '../adapters/secrets/kms-cipher.ts';
import { createSecrets } from '../adapters/secrets/secret-store.ts';
import { createContainerConnections } from '../adapters/socket/connections.ts';
import { createContainerSocket } from '../adapters/socket/container-socket.ts';
import { createWatcherConnections } from '../adapters/socket/watcher-connections.ts';
import { createWatchers } from '../adapters/socket/watchers.ts';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { createTokenServiceClient } from '../adapters/token-service/client.ts';
import { invokeTokenService } from '../adapters/token-service/lambda.ts';
import { createKmsKey } from '../adapters/tokens/kms-key.ts';
import { createTokenSigner } from '../adapters/tokens/token-signer.ts';
import { checkGitUrl } from '../api/git-url.ts';
import { documentClient, environment, once, townStore } from '../runtime.ts';
import { gitHubForges } from './github-forges.ts';
import { createWorkerHandler } from './handler.ts';

const list = z.string().transform((text) => text.split(','));
const variables = z.object({
  TABLE_NAME: z.string(),
  BUCKET_NAME: z.string(),
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
  SECRETS_KEY_ID: z.string(),
  TOKEN_SERVICE: z.string(),
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  GITHUB_GRAPHQL_URL: z.url().optional(),
});

const instance = once(() => {
  const env = environment(variables);
  const telemetry = createJsonTelemetry({ service: 'worker' });
  const store = townStore(env.TABLE_NAME, env.CODE_VERSION);
  const table = { client: documentClient(), tableName: env.TABLE_NAME };
  const kms = new KMSClient({});
  const key = createKmsKey(kms, env.SIGNING_KEY_ID, env.MAC_KEY_ID);
  const secrets = createSecrets(table, createKmsCipher(kms, env.SECRETS_KEY_ID));
  const api = new ApiGatewayManagementApiClient({ endpoint: env.CONNECTIONS_URL });
  return createWorkerHandler({
    store,
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
      api,
      createContainerConnections(documentClient(), env.TABLE_NAME),
      telemetry,
    ),
    watchers: createWatchers({
      api,
      connections: createWatcherConnections(documentClient(), env.TABLE_NAME),
      telemetry,
      now: Date.now,
    }),
    forges: gitHubForges({
      store,
      secrets,
      app: createTokenServiceClient(invokeTokenService(new LambdaClient({}), env.TOKEN_SERVICE)),
      apiUrl: env.GITHUB_API_URL,
      graphqlUrl: env.GITHUB_GRAPHQL_URL,
      telemetry,
      now: Date.now,
    }),
    telemetry,
    now: Date.now,
    transfer: {
      store,
      // It reads and writes whole objects only; what it signs, if anything, cannot know checksums.
      objects: createObjectStore(
        new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
        env.BUCKET_NAME,
      ),
      exports: createExportStore(table),
      imports: createImportStore(table),
      purge: createPurgeStore(table),
      telemetry,
      now: Date.now,
      codeVersion: env.CODE_VERSION,
      checkGitUrl: (gitUrl) => checkGitUrl(gitUrl, false),
    },
  });
});

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => instance()(event);
