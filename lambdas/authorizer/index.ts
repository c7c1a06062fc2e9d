import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { createStreamTickets } from '../adapters/dynamodb/tickets.ts';
import { createKmsKey } from '../adapters/tokens/kms-key.ts';
import { createTokenSigner } from '../adapters/tokens/token-signer.ts';
import { documentClient, environment, once } from '../runtime.ts';
import { createAuthorizerHandler, type AuthorizerAnswer, type AuthorizerEvent } from './handler.ts';

const variables = z.object({ TABLE_NAME: z.string(), SIGNING_KEY_ID: z.string(), MAC_KEY_ID: z.string() });

const instance = once(() => {
  const env = environment(variables);
  const key = createKmsKey(new KMSClient({}), env.SIGNING_KEY_ID, env.MAC_KEY_ID);
  return createAuthorizerHandler({
    tokens: createTokenSigner(key, Date.now),
    tickets: createStreamTickets({ client: documentClient(), tableName: env.TABLE_NAME }, Date.now),
  });
});

export const handler = (event: AuthorizerEvent): Promise<AuthorizerAnswer> => instance()(event);
