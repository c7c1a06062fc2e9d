import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { createExportStore } from '../adapters/dynamodb/exports.ts';
import { createImportStore } from '../adapters/dynamodb/imports.ts';
import { createIdempotencyStore } from '../adapters/dynamodb/idempotency.ts';
import { createInstallStates } from '../adapters/dynamodb/install-states.ts';
import { createIntegrationStore } from '../adapters/dynamodb/integrations.ts';
import { platformKey } from '../adapters/dynamodb/platform-key.ts';
import { createStreamTickets } from '../adapters/dynamodb/tickets.ts';
import { createObjectStore } from '../adapters/s3/object-store.ts';
import { createKmsCipher } from '../adapters/secrets/kms-cipher.ts';
import { createSecrets } from '../adapters/secrets/secret-store.ts';
import { createEffectQueue, createTownQueue } from '../adapters/sqs/queues.ts';
import { createTokenServiceClient } from '../adapters/token-service/client.ts';
import { invokeTokenService } from '../adapters/token-service/lambda.ts';
import { createWakeUps } from '../adapters/sqs/wake-ups.ts';
import { createCursors } from '../http/cursor.ts';
import { createHttpHandler } from '../http/handler.ts';
import { createIdempotency } from '../http/idempotency.ts';
import { createObservability } from '../http/observed-handler.ts';
import { githubHostOf } from '../../core/town/config/github-host.ts';
import type { HttpEvent } from '../http/route.ts';
import { madeOnce } from '../made-once.ts';
import { documentClient, environment, townStore } from '../runtime.ts';
import { apiRoutes } from './routes.ts';

const variables = z.object({
  TABLE_NAME: z.string(),
  TOWN_QUEUE_URL: z.string(),
  CODE_VERSION: z.string(),
  SECRETS_KEY_ID: z.string(),
  TOKEN_SERVICE: z.string(),
  SOCKET_URL: z.string(),
  CONSOLE_URL: z.string(),
  /** Where users sign in: of the user pool, or of whoever issues their tokens. */
  SIGN_IN_ISSUER: z.url(),
  SIGN_IN_CLIENT_ID: z.string(),
  EFFECT_QUEUE_URL: z.string(),
  BUCKET_NAME: z.string(),
  GITHUB_API_URL: z.url().default('https://api.github.com'),
});

type Handler = (event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

async function createHandler(): Promise<Handler> {
  const env = environment(variables);
  const table = { client: documentClient(), tableName: env.TABLE_NAME };
  const { telemetry, onRequest, observe } = createObservability('api');
  const sqs = new SQSClient({});
  // A signed upload cannot know the checksum of what will be sent.
  const s3 = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  const routes = apiRoutes({
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    secrets: createSecrets(table, createKmsCipher(new KMSClient({}), env.SECRETS_KEY_ID)),
    towns: createWakeUps(createTownQueue(sqs, env.TOWN_QUEUE_URL), telemetry),
    effects: createEffectQueue(sqs, env.EFFECT_QUEUE_URL),
    objects: createObjectStore(s3, env.BUCKET_NAME),
    exports: createExportStore(table),
    imports: createImportStore(table),
    now: Date.now,
    version: env.CODE_VERSION,
    signIn: { issuer: env.SIGN_IN_ISSUER, clientId: env.SIGN_IN_CLIENT_ID },
    allowsLocalGitUrls: false,
    githubHost: githubHostOf(env.GITHUB_API_URL),
    cursors: createCursors(await platformKey(table, 'cursor')),
    tickets: createStreamTickets(table, Date.now),
    integrations: createIntegrationStore(table),
    installStates: createInstallStates(table, Date.now),
    githubApp: createTokenServiceClient(invokeTokenService(new LambdaClient({}), env.TOKEN_SERVICE)),
    telemetry,
    consoleUrl: () => env.CONSOLE_URL,
    socketUrl: () => env.SOCKET_URL,
  });
  const idempotency = createIdempotency(createIdempotencyStore(table), Date.now);
  return observe(createHttpHandler(routes, telemetry, { idempotency, onRequest }));
}

const instance = madeOnce(createHandler);

export const handler: Handler = async (event, context) => (await instance())(event, context);
