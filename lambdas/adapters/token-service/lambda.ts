import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { seconds } from '../../../core/town/instant.ts';
import type { AskTokenService } from './client.ts';

/** Below the 29 s that API Gateway waits for whoever asks. */
const TIMEOUT_MS = seconds(20);

/** The token service as a function in AWS. */
export const invokeTokenService =
  (client: LambdaClient, functionName: string): AskTokenService =>
  async (request) => {
    const { FunctionError: failure, Payload: payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }),
      { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
    );
    if (failure !== undefined || payload === undefined)
      throw new Error(`the token service failed: ${failure ?? 'it said nothing'}`);
    return JSON.parse(Buffer.from(payload).toString('utf8')) as unknown;
  };
