import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { createEffectQueue, createRedelivery, createTownQueue } from '../adapters/sqs/queues.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { environment, once, reconcilerStore } from '../runtime.ts';
import { createReconcilerHandler } from './handler.ts';

const variables = z.object({
  TABLE_NAME: z.string(),
  TOWN_QUEUE_URL: z.string(),
  EFFECT_QUEUE_URL: z.string(),
  CODE_VERSION: z.string(),
});

const instance = once(() => {
  const env = environment(variables);
  const sqs = new SQSClient({});
  return createReconcilerHandler({
    store: reconcilerStore(env.TABLE_NAME, env.CODE_VERSION),
    effects: createEffectQueue(sqs, env.EFFECT_QUEUE_URL),
    towns: createTownQueue(sqs, env.TOWN_QUEUE_URL),
    telemetry: createJsonTelemetry({ service: 'reconciler' }),
    now: Date.now,
    seed: randomUUID,
    redelivery: createRedelivery(sqs, env.TOWN_QUEUE_URL),
  });
});

export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => instance()(event);
