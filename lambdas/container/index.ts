import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { githubHostOf } from '../../core/town/config/github-host.ts';
import { createGitHubConversation } from '../adapters/github/conversation.ts';
import { createSnapshotStore } from '../adapters/dynamodb/snapshots.ts';
import { createSnapshotObjects } from '../adapters/s3/snapshot-objects.ts';
import { createKmsCipher } from '../adapters/secrets/kms-cipher.ts';
import { noModels } from '../adapters/secrets/no-models.ts';
import { createSecrets } from '../adapters/secrets/secret-store.ts';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createWakeUps } from '../adapters/sqs/wake-ups.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { createTokenServiceClient } from '../adapters/token-service/client.ts';
import { invokeTokenService } from '../adapters/token-service/lambda.ts';
import { createKmsKey } from '../adapters/tokens/kms-key.ts';
import { createTokenSigner } from '../adapters/tokens/token-signer.ts';
import { createHttpHandler } from '../http/handler.ts';
import type { HttpEvent } from '../http/route.ts';
import { documentClient, environment, once, townStore } from '../runtime.ts';
import { containerRoutes } from './routes.ts';

const variables = z.object({
  TABLE_NAME: z.string(),
  BUCKET_NAME: z.string(),
  TOWN_QUEUE_URL: z.string(),
  CODE_VERSION: z.string(),
  SOCKET_URL: z.string(),
  SIGNING_KEY_ID: z.string(),
  MAC_KEY_ID: z.string(),
  SECRETS_KEY_ID: z.string(),
  TOKEN_SERVICE: z.string(),
  /** Of an Enterprise Server, when that is where the repositories are. */
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  GITHUB_GRAPHQL_URL: z.url().optional(),
});

const instance = once(() => {
  const env = environment(variables);
  const kms = new KMSClient({});
  const key = createKmsKey(kms, env.SIGNING_KEY_ID, env.MAC_KEY_ID);
  const telemetry = createJsonTelemetry({ service: 'container' });
  const table = { client: documentClient(), tableName: env.TABLE_NAME };
  const routes = containerRoutes({
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    towns: createWakeUps(createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL), telemetry),
    tokens: createTokenSigner(key, Date.now),
    models: noModels,
    secrets: createSecrets(table, createKmsCipher(kms, env.SECRETS_KEY_ID)),
    snapshots: createSnapshotStore(table),
    // What it signs names the checksum of what will be sent; the client must not add one of its own.
    snapshotObjects: createSnapshotObjects(
      new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
      env.BUCKET_NAME,
    ),
    app: createTokenServiceClient(invokeTokenService(new LambdaClient({}), env.TOKEN_SERVICE)),
    githubHost: githubHostOf(env.GITHUB_API_URL),
    conversation: createGitHubConversation({
      apiUrl: env.GITHUB_API_URL,
      graphqlUrl: env.GITHUB_GRAPHQL_URL,
      telemetry,
      now: Date.now,
    }),
    now: Date.now,
    socketUrl: env.SOCKET_URL,
  });
  return createHttpHandler(routes, telemetry);
});

export const handler = (event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> => instance()(event);
