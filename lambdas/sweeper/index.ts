import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { environment, once, townStore } from '../runtime.ts';
import { createSweeperHandler } from './handler.ts';

const variables = z.object({ TABLE_NAME: z.string(), TOWN_QUEUE_URL: z.string(), CODE_VERSION: z.string() });

const instance = once(() => {
  const env = environment(variables);
  return createSweeperHandler({
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    towns: createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL),
    telemetry: createJsonTelemetry({ service: 'sweeper' }),
    now: Date.now,
    limitMs: 50_000,
  });
});

export const handler = (): Promise<{ woken: number }> => instance()();
