import { randomUUID } from 'node:crypto';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type {
  ContainerSocket,
  Fleet,
  ModelAccess,
  Now,
  ObjectStore,
  SnapshotObjects,
  Tasks,
  Telemetry,
  TokenSigner,
} from '../core/ports.ts';
import { githubHostOf } from '../core/town/config/github-host.ts';
import { createAuditCursor } from '../lambdas/adapters/dynamodb/audit-cursor.ts';
import { createExportStore } from '../lambdas/adapters/dynamodb/exports.ts';
import { createIdempotencyStore } from '../lambdas/adapters/dynamodb/idempotency.ts';
import { createIntegrationStore } from '../lambdas/adapters/dynamodb/integrations.ts';
import { createRedeliveryCursor } from '../lambdas/adapters/dynamodb/redelivery-cursor.ts';
import type { AppSecretSource } from '../lambdas/adapters/github/app-secret.ts';
import { createGitHubApp } from '../lambdas/adapters/github/app.ts';
import { createGitHubConversation } from '../lambdas/adapters/github/conversation.ts';
import { createTokenServiceClient } from '../lambdas/adapters/token-service/client.ts';
import { createTokenServiceHandler } from '../lambdas/git-token-service/handler.ts';
import { createImportStore } from '../lambdas/adapters/dynamodb/imports.ts';
import { createDeliveries } from '../lambdas/adapters/dynamodb/deliveries.ts';
import { createRepositoryRows } from '../lambdas/adapters/dynamodb/repository-rows.ts';
import { createInstallStates } from '../lambdas/adapters/dynamodb/install-states.ts';
import { createPurgeStore } from '../lambdas/adapters/dynamodb/purge.ts';
import { createSnapshotStore } from '../lambdas/adapters/dynamodb/snapshots.ts';
import { createTownStore } from '../lambdas/adapters/dynamodb/store.ts';
import type { Cipher } from '../lambdas/adapters/secrets/cipher.ts';
import { createSecrets } from '../lambdas/adapters/secrets/secret-store.ts';
import { createStreamTickets } from '../lambdas/adapters/dynamodb/tickets.ts';
import { createContainerConnections } from '../lambdas/adapters/socket/connections.ts';
import { createWatchers, type Watchers } from '../lambdas/adapters/socket/watchers.ts';
import { createContainerSocket } from '../lambdas/adapters/socket/container-socket.ts';
import { createWatcherConnections } from '../lambdas/adapters/socket/watcher-connections.ts';
import { createEffectQueue, createRedelivery, createTownQueue } from '../lambdas/adapters/sqs/queues.ts';
import { createFleetAudit } from '../lambdas/fleet-audit/handler.ts';
import { checkGitUrl } from '../lambdas/api/git-url.ts';
import type { AskedGitHubApp } from '../lambdas/api/github-app.ts';
import { apiRoutes } from '../lambdas/api/routes.ts';
import { containerRoutes } from '../lambdas/container/routes.ts';
import { createCursors } from '../lambdas/http/cursor.ts';
import { createHttpHandler } from '../lambdas/http/handler.ts';
import { createIdempotency } from '../lambdas/http/idempotency.ts';
import { createReconcilerHandler } from '../lambdas/reconciler/handler.ts';
import { createSocketHandler } from '../lambdas/socket/handler.ts';
import { createSweeperHandler } from '../lambdas/sweeper/handler.ts';
import { gitHubForges } from '../lambdas/worker/github-forges.ts';
import type { WebhookSecretSource } from '../lambdas/adapters/github/webhook-secret.ts';
import { webhookRoutes } from '../lambdas/webhook/routes.ts';
import { createWorkerHandler } from '../lambdas/worker/handler.ts';
import { createWakeUps } from '../lambdas/adapters/sqs/wake-ups.ts';
import type { Counters } from './counters.ts';
import { EMBEDDED_CREDENTIALS, EMBEDDED_REGION } from './embedded-clients.ts';

export interface FunctionsOptions {
  readonly document: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Of `platformKey`. */
  readonly cursorKey: Uint8Array;
  readonly sqs: SQSClient;
  readonly townEventsUrl: string;
  readonly effectsUrl: string;
  readonly tokens: TokenSigner;
  readonly tasks: Tasks;
  readonly fleet: Fleet;
  readonly models: ModelAccess;
  /** Files of exports and imports. Absent: towns are neither moved nor deleted. */
  readonly objects: ObjectStore;
  readonly snapshotObjects: SnapshotObjects;
  readonly cipher: Cipher;
  /** @default none is set up */
  readonly githubApp?: AskedGitHubApp | undefined;
  /** @default that of github.com */
  readonly githubApiUrl?: string | undefined;
  /** @default the one that belongs to `githubApiUrl` */
  readonly githubGraphqlUrl?: string | undefined;
  /** @default none: no forge is believed */
  readonly webhookSecrets?: WebhookSecretSource | undefined;
  /** @default no app is set up */
  readonly appSecrets?: AppSecretSource | undefined;
  readonly counters: Counters;
  readonly now: Now;
  readonly version: string;
  /** Known once the front listens. */
  readonly socketUrl: () => string;
  /** Origin of the console. */
  readonly consoleUrl: () => string;
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
  const managementApi = (): ApiGatewayManagementApiClient =>
    (management ??= new ApiGatewayManagementApiClient({
      endpoint: options.connectionsUrl(),
      region: EMBEDDED_REGION,
      credentials: EMBEDDED_CREDENTIALS,
    }));
  const socket: ContainerSocket = {
    async syncNow(townId, epoch) {
      counters.add('socket.pokes', 1);
      await createContainerSocket(managementApi(), connections, telemetry('worker')).syncNow(townId, epoch);
    },
  };
  const watcherConnections = createWatcherConnections(options.document, options.tableName, now);
  const watchers: Watchers = {
    publish: (...frame) =>
      createWatchers({
        api: managementApi(),
        connections: watcherConnections,
        telemetry: telemetry('worker'),
        now,
      }).publish(...frame),
  };
  const table = { client: options.document, tableName: options.tableName };
  const idempotency = createIdempotency(createIdempotencyStore(table), now);
  const secrets = createSecrets(table, options.cipher);
  const transfer = {
    objects: options.objects,
    exports: createExportStore(table),
    imports: createImportStore(table),
  };
  const { githubApiUrl = 'https://api.github.com' } = options;
  const githubHost = githubHostOf(githubApiUrl);
  const integrations = createIntegrationStore(table);
  const tokenService = createTokenServiceHandler({
    app: createGitHubApp({
      apiUrl: githubApiUrl,
      secrets: options.appSecrets ?? { read: async () => undefined },
      integrations,
      store,
      telemetry: telemetry('git-token-service'),
      now,
    }),
    cursor: createRedeliveryCursor(table),
    telemetry: telemetry('git-token-service'),
    now,
  });
  const app = createTokenServiceClient(tokenService);
  const tickets = createStreamTickets(table, now);
  const apiDeps = {
    store: storeFor('api'),
    secrets,
    towns: createWakeUps(towns, telemetry('api')),
    now,
    version: options.version,
    allowsLocalGitUrls: true,
    githubHost,
    cursors: createCursors(options.cursorKey),
    tickets,
    integrations,
    installStates: createInstallStates(table, now),
    githubApp: options.githubApp ?? app,
    telemetry: telemetry('api'),
    consoleUrl: options.consoleUrl,
    socketUrl: options.socketUrl,
    ...transfer,
    effects,
  };
  const apiTable = apiRoutes(apiDeps);
  const containerDeps = {
    store,
    towns: createWakeUps(towns, telemetry('container')),
    tokens,
    now,
    models,
    secrets,
    app,
    githubHost,
    conversation: createGitHubConversation({
      apiUrl: githubApiUrl,
      graphqlUrl: options.githubGraphqlUrl,
      telemetry: telemetry('container'),
      now,
    }),
    snapshots: createSnapshotStore(table),
    snapshotObjects: options.snapshotObjects,
  };
  const containerTable = containerRoutes({
    ...containerDeps,
    get socketUrl() {
      return options.socketUrl();
    },
  });
  const webhookTable = webhookRoutes({
    integrations,
    repositories: createRepositoryRows(table),
    deliveries: createDeliveries(table, now),
    secrets: options.webhookSecrets ?? { read: async () => undefined },
    store,
    towns,
    telemetry: telemetry('webhook'),
    githubHost,
    now,
  });
  return {
    store,
    secretsStore: secrets,
    integrations,
    tokenService,
    towns,
    http: [
      { routes: apiTable, handler: createHttpHandler(apiTable, telemetry('api'), { idempotency, now }) },
      {
        routes: containerTable,
        handler: createHttpHandler(containerTable, telemetry('container'), { now }),
      },
      { routes: webhookTable, handler: createHttpHandler(webhookTable, telemetry('webhook'), { now }) },
    ],
    socket: createSocketHandler({
      connections,
      watchers: watcherConnections,
      now,
    }),
    tickets,
    reconciler: createReconcilerHandler({
      store,
      effects,
      towns,
      now,
      telemetry: telemetry('reconciler'),
      seed: randomUUID,
      redelivery: createRedelivery(sqs, options.townEventsUrl),
    }),
    worker: createWorkerHandler({
      store,
      towns,
      tasks,
      now,
      telemetry: telemetry('worker'),
      socket,
      watchers,
      forges: gitHubForges({
        store,
        secrets,
        app,
        apiUrl: githubApiUrl,
        graphqlUrl: options.githubGraphqlUrl,
        telemetry: telemetry('worker'),
        now,
      }),
      transfer: {
        ...transfer,
        store,
        purge: createPurgeStore(table),
        telemetry: telemetry('worker'),
        now,
        codeVersion: options.version,
        checkGitUrl: (gitUrl) => checkGitUrl(gitUrl, true),
      },
    }),
    fleetAudit: createFleetAudit({
      fleet: options.fleet,
      store: storeFor('sweeper'),
      towns,
      cursor: createAuditCursor(table),
      now,
      telemetry: telemetry('fleet-audit'),
      limitMs: 50_000,
    }),
    sweeper: createSweeperHandler({
      store: storeFor('sweeper'),
      towns,
      now,
      telemetry: telemetry('sweeper'),
      limitMs: 50_000,
    }),
  };
}
