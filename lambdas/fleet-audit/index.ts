import { ECSClient } from '@aws-sdk/client-ecs';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createAuditCursor } from '../adapters/dynamodb/audit-cursor.ts';
import { createEcsFleet } from '../adapters/ecs/fleet.ts';
import { createTownQueue } from '../adapters/sqs/queues.ts';
import { createJsonTelemetry } from '../adapters/telemetry/json-telemetry.ts';
import { documentClient, environment, once, townStore } from '../runtime.ts';
import { createFleetAudit, type AuditResult } from './handler.ts';

const variables = z.object({
  TABLE_NAME: z.string(),
  TOWN_QUEUE_URL: z.string(),
  CLUSTER: z.string(),
  CODE_VERSION: z.string(),
});

const instance = once(() => {
  const env = environment(variables);
  return createFleetAudit({
    fleet: createEcsFleet({ ecs: new ECSClient({}), cluster: env.CLUSTER }),
    store: townStore(env.TABLE_NAME, env.CODE_VERSION),
    towns: createTownQueue(new SQSClient({}), env.TOWN_QUEUE_URL),
    cursor: createAuditCursor({ client: documentClient(), tableName: env.TABLE_NAME }),
    telemetry: createJsonTelemetry({ service: 'fleet-audit' }),
    now: Date.now,
    limitMs: 50_000,
  });
});

export const handler = (): Promise<AuditResult> => instance()();
