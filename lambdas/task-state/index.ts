import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { environment, once } from '../runtime.ts';
import { createTaskStateHandler } from './handler.ts';

const variables = z.object({ TOWN_QUEUE_URL: z.string(), CLUSTER: z.string() });

const instance = once(() => {
  const env = environment(variables);
  return createTaskStateHandler({
    towns: createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL),
    telemetry: createJsonTelemetry({ service: 'task-state' }),
    cluster: env.CLUSTER,
  });
});

export const handler = (event: unknown): Promise<void> => instance()(event);
