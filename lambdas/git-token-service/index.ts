import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { createIntegrationStore } from '../adapters/dynamodb/integrations.ts';
import { createRedeliveryCursor } from '../adapters/dynamodb/redelivery-cursor.ts';
import { createGitHubApp } from '../adapters/github/app.ts';
import { parseAppSecret } from '../adapters/github/app-secret.ts';
import { createSecretSource } from '../adapters/github/secrets-manager.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import type { TokenServiceAnswer } from '../adapters/token-service/protocol.ts';
import { documentClient, environment, once, townStore } from '../runtime.ts';
import { createTokenServiceHandler } from './handler.ts';

const variables = z.object({
  TABLE_NAME: z.string(),
  CODE_VERSION: z.string(),
  GITHUB_APP_SECRET_ARN: z.string(),
  GITHUB_API_URL: z.url().default('https://api.github.com'),
});

const instance = once(() => {
  const env = environment(variables);
  const telemetry = createJsonTelemetry({ service: 'git-token-service' });
  const table = { client: documentClient(), tableName: env.TABLE_NAME };
  return createTokenServiceHandler({
    app: createGitHubApp({
      apiUrl: env.GITHUB_API_URL,
      secrets: createSecretSource({
        client: new SecretsManagerClient({}),
        arn: env.GITHUB_APP_SECRET_ARN,
        parse: parseAppSecret,
        now: Date.now,
      }),
      integrations: createIntegrationStore(table),
      store: townStore(env.TABLE_NAME, env.CODE_VERSION),
      telemetry,
      now: Date.now,
    }),
    cursor: createRedeliveryCursor(table),
    telemetry,
    now: Date.now,
  });
});

export const handler = (event: unknown): Promise<TokenServiceAnswer> => instance()(event);
