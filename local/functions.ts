import { randomUUID } from 'node:crypto';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ModelAccess, Now, Tasks, Telemetry, TokenSigner } from '../core/ports.ts';
import { createTownStore } from '../lambdas/adapters/dynamodb/store.ts';
import { createContainerConnections } from '../lambdas/adapters/socket/connections.ts';
import { createContainerSocket } from '../lambdas/adapters/socket/container-socket.ts';
import { createEffectQueue, createRedelivery, createTownQueue } from '../lambdas/adapters/sqs/queues.ts';
import { apiRoutes } from '../lambdas/api/routes.ts';
import { containerRoutes } from '../lambdas/container/routes.ts';
import { createHttpHandler } from '../lambdas/http/handler.ts';
import { createReconcilerHandler } from '../lambdas/reconciler/handler.ts';
import { createSocketHandler } from '../lambdas/socket/handler.ts';
import { createSweeperHandler } from '../lambdas/sweeper/handler.ts';
import { createWorkerHandler } from '../lambdas/worker/handler.ts';
import { createWakeUps } from '../lambdas/adapters/sqs/wake-ups.ts';
import type { Counters } from './counters.ts';
import { EMBEDDED_CREDENTIALS, EMBEDDED_REGION } from './embedded-clients.ts';

export interface FunctionsOptions {
  readonly document: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly sqs: SQSClient;
  readonly townEventsUrl: string;
  readonly effectsUrl: string;
  readonly tokens: TokenSigner;
  readonly tasks: Tasks;
  readonly models: ModelAccess;
  readonly counters: Counters;
  readonly now: Now;
  readonly version: string;
  /** Known once the front listens. */
  readonly socketUrl: () => string;
  /** Where the `@connections` call goes. */
  readonly connectionsUrl: () => string;
  readonly telemetry: (service: string) => Telemetry;
}

/** The same handlers as in AWS, put together with the embedded services. */
export function createFunctions(options: FunctionsOptions) {
  const { sqs, counters, now, tokens, tasks, models, telemetry } = options;
  // Counted apart: what the town's own work costs, what watching it costs, and what looking for due towns costs.
  const storeFor = (who: 'town' | 'api' | 'sweeper') =>
    createTownStore({
      client: options.document,
      tableName: options.tableName,
      codeVersion: options.version,
      onCapacity: (_operation, { read, write }) => {
        counters.add(`dynamodb.${who}.readUnits`, read);
        counters.add(`dynamodb.${who}.writeUnits`, write);
        counters.add(`dynamodb.${who}.calls`, 1);
      },
    });
  const store = storeFor('town');
  const towns = createTownQueue(sqs, options.townEventsUrl, (count) =>
    counters.add('sqs.townMessages', count),
  );
  const effects = createEffectQueue(sqs, options.effectsUrl, (count) =>
    counters.add('sqs.effectMessages', count),
  );
  const connections = createContainerConnections(options.document, options.tableName);
  // The client is made at the first poke: its endpoint is the front's own address.
  let management: ApiGatewayManagementApiClient | undefined;
  const socket = {
    async syncNow(townId: string, epoch: number): Promise<void> {
      management ??= new ApiGatewayManagementApiClient({
        endpoint: options.connectionsUrl(),
        region: EMBEDDED_REGION,
        credentials: EMBEDDED_CREDENTIALS,
      });
      counters.add('socket.pokes', 1);
      await createContainerSocket(management, connections, telemetry('worker')).syncNow(townId, epoch);
    },
  };
  const apiTable = apiRoutes({
    store: storeFor('api'),
    towns: createWakeUps(towns, telemetry('api')),
    now,
    version: options.version,
    allowsLocalGitUrls: true,
  });
  const containerDeps = { store, towns: createWakeUps(towns, telemetry('container')), tokens, now, models };
  const containerTable = containerRoutes({
    ...containerDeps,
    get socketUrl() {
      return options.socketUrl();
    },
  });
  return {
    store,
    towns,
    http: [
      { routes: apiTable, handler: createHttpHandler(apiTable, telemetry('api')) },
      {
        routes: containerTable,
        handler: createHttpHandler(containerTable, telemetry('container')),
      },
    ],
    socket: createSocketHandler({ connections, now }),
    reconciler: createReconcilerHandler({
      store,
      effects,
      towns,
      now,
      telemetry: telemetry('reconciler'),
      seed: randomUUID,
      redelivery: createRedelivery(sqs, options.townEventsUrl),
    }),
    worker: createWorkerHandler({ store, towns, tasks, now, telemetry: telemetry('worker'), socket }),
    sweeper: createSweeperHandler({
      store: storeFor('sweeper'),
      towns,
      now,
      telemetry: telemetry('sweeper'),
      limitMs: 50_000,
    }),
  };
}
