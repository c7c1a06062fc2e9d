import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MESSAGE_VERSION } from '../core/facts/message.ts';
import type { ModelAccess } from '../core/ports.ts';
import { createObjectStore } from '../lambdas/adapters/s3/object-store.ts';
import { createSnapshotObjects } from '../lambdas/adapters/s3/snapshot-objects.ts';
import type { AppSecretSource } from '../lambdas/adapters/github/app-secret.ts';
import { createTokenSigner } from '../lambdas/adapters/tokens/token-signer.ts';
import { platformKey } from '../lambdas/adapters/dynamodb/platform-key.ts';
import { ensureTable } from '../lambdas/adapters/dynamodb/table.ts';
import { createJsonTelemetry } from '../lambdas/adapters/telemetry/json-telemetry.ts';
import { parseConsoleOrigins } from '../lambdas/http/cors.ts';
import { buildPlugin } from '../task-image/plugin/build.ts';
import { createCounters, type Counters } from './counters.ts';
import { startEmbeddedDynamoDb } from './dynamodb/server.ts';
import { documentClient, embeddedDynamoDb, embeddedSqs } from './embedded-clients.ts';
import { createHttpFront } from './front/http-front.ts';
import { createSocketFront, SOCKET_PATH } from './front/socket-front.ts';
import { createFunctions } from './functions.ts';
import { localGitHubApp } from './github-app.ts';
import { openLocalKeys } from './keys.ts';
import { createProcessFleet } from './process-fleet.ts';
import { createProcessTasks } from './process-tasks.ts';
import { startEmbeddedAws } from './queues/embedded-aws.ts';
import { startEventSource } from './queues/event-source.ts';
import {
  createTownQueues,
  EFFECTS_VISIBILITY_SECONDS,
  TOWN_EVENTS_VISIBILITY_SECONDS,
} from './queues/town-queues.ts';
import { openTownBucket } from './storage/town-bucket.ts';
import { every } from './schedule.ts';
import { openLocalCipher } from './secrets.ts';
import type { Task } from './tasks/task.ts';
import { createTaskRunner } from './tasks/task-runner.ts';
import { USER_TOKEN_SECONDS } from './user-token.ts';

export interface MachineOptions {
  /** Everything that survives a restart is in here. */
  readonly dataDir: string;
  /** 0: any free one. */
  readonly port: number;
  /** What agents use; asked for each time a container asks. */
  readonly model: ModelAccess['credentials'];
  readonly version: string;
  /** One JSON line; also written to `<dataDir>/local.log`. */
  readonly onLog?: (line: string) => void;
  /** Extra environment of every supervisor. */
  readonly supervisorEnv?: Readonly<Record<string, string>>;
  /** @default as the environment says (`GITHUB_API_URL`, `GITHUB_GRAPHQL_URL`), else github.com */
  readonly github?: { readonly apiUrl: string; readonly graphqlUrl: string };
  /** @default `<dataDir>/github-app.json` */
  readonly appSecrets?: AppSecretSource;
}

/** What `<dataDir>/local.json` says (the HTTP contract). */
export interface LocalInfo {
  readonly apiUrl: string;
  readonly socketUrl: string;
  readonly webUrl: string;
  readonly token: string;
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string; readonly s3: string };
  readonly pid: number;
}

export interface Machine {
  readonly info: LocalInfo;
  readonly counters: Counters;
  /** Drains: tasks save their work and end, then everything else stops. */
  close(): Promise<void>;
}

const TABLE_NAME = 'gastown';
/** The one user of a local installation. */
const LOCAL_USER = 'local-user';
/** Towns that are due are woken this often; in AWS once a minute, here nothing is paid for. */
const SWEEP_INTERVAL_MS = 1000;
/** As in AWS. */
export const REDELIVERY_INTERVAL_MS = 5 * 60_000;
export const AUDIT_INTERVAL_MS = 15 * 60_000;
/** How long a supervisor may save its work; Fargate gives 120 s. */
const STOP_TIMEOUT_MS = 30_000;

const projectFile = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A whole installation on this machine: the embedded services, the functions, the fronts, the tasks. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const now = Date.now;
  const counters = createCounters();
  const telemetry = (service: string) =>
    createJsonTelemetry({
      service,
      count: (metric, value) => counters.add(metric, value),
      write: (line) => {
        appendFileSync(join(dataDir, 'local.log'), `${line}\n`);
        options.onLog?.(line);
      },
    });
  const own = telemetry('local');
  const onError = (error: unknown): void => own.log('error', 'local mode', { error: String(error) });

  const dynamodb = await startEmbeddedDynamoDb({ path: join(dataDir, 'dynamodb') });
  const aws = await startEmbeddedAws({ s3StorageDir: join(dataDir, 's3') });
  const sqs = embeddedSqs(aws.sqsEndpoint);
  const { s3, bucket } = await openTownBucket(aws.s3Endpoint);
  const client = embeddedDynamoDb(dynamodb.endpoint);
  await ensureTable(client, TABLE_NAME);
  const { townEventsUrl, effectsUrl } = await createTownQueues(sqs);
  const keys = await openLocalKeys(dataDir);
  const tokens = createTokenSigner(keys.signing, now);
  const pluginFile = join(dataDir, 'plugin', 'gastown.js');
  await buildPlugin(pluginFile);

  let apiUrl = '';
  const announce = (task: Task): void => {
    const reason = task.stoppedReason ?? 'the task stopped';
    const fact = { type: 'task_stopped', epoch: task.epoch, reason, exitCode: task.exitCode } as const;
    // What ECS's task-state rule does in AWS.
    functions.towns.send({ v: MESSAGE_VERSION, townId: task.townId, fact }).catch(onError);
  };
  const runner = createTaskRunner({
    dataDir,
    command: [process.execPath, projectFile('task-image/supervisor/main.ts')],
    baseEnv: {
      // The sample project and the gates run on the same Node as everything else.
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      LANG: process.env['LANG'] ?? 'C.UTF-8',
      NODE_NO_WARNINGS: '1',
      GASTOWN_ALLOW_LOCAL_GIT: '1',
      GASTOWN_PLUGIN_FILE: pluginFile,
      ...options.supervisorEnv,
    },
    onTaskStopped: announce,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  const document = documentClient(client);
  const consoleOrigins = parseConsoleOrigins(process.env['CONSOLE_ORIGINS'] ?? '');
  const githubApp = localGitHubApp(dataDir);
  const functions = createFunctions({
    document,
    tableName: TABLE_NAME,
    cursorKey: await platformKey({ client: document, tableName: TABLE_NAME }, 'cursor'),
    sqs,
    townEventsUrl,
    effectsUrl,
    tokens,
    tasks: createProcessTasks(runner, tokens, () => apiUrl),
    fleet: createProcessFleet(runner),
    models: { credentials: options.model },
    objects: createObjectStore(s3, bucket),
    snapshotObjects: createSnapshotObjects(s3, bucket),
    cipher: await openLocalCipher(dataDir),
    githubApiUrl: options.github?.apiUrl ?? process.env['GITHUB_API_URL'],
    githubGraphqlUrl: options.github?.graphqlUrl ?? process.env['GITHUB_GRAPHQL_URL'],
    appSecrets: options.appSecrets ?? githubApp.key,
    webhookSecrets: githubApp.webhook,
    counters,
    now,
    version: options.version,
    socketUrl: () => `${apiUrl.replace(/^http/, 'ws')}${SOCKET_PATH}`,
    consoleUrl: () => consoleOrigins[0] ?? apiUrl,
    connectionsUrl: () => apiUrl,
    telemetry,
  });
  const socketFront = createSocketFront({
    handler: functions.socket,
    tokens,
    tickets: functions.tickets,
    telemetry: telemetry('socket'),
  });
  const front = createHttpFront({
    functions: functions.http,
    tokens,
    verifyUser: keys.verifyUser,
    consoleOrigins,
    fallback: socketFront.connections,
  });
  socketFront.attach(front);
  front.listen(options.port, '127.0.0.1');
  await once(front, 'listening');
  apiUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;

  const sources = [
    startEventSource({
      sqs,
      queueUrl: townEventsUrl,
      handler: functions.reconciler,
      batchSize: 10,
      maxConcurrency: 4,
      visibilityTimeoutSeconds: TOWN_EVENTS_VISIBILITY_SECONDS,
      fifo: true,
      onError,
    }),
    startEventSource({
      sqs,
      queueUrl: effectsUrl,
      handler: functions.worker,
      batchSize: 1,
      maxConcurrency: 8,
      visibilityTimeoutSeconds: EFFECTS_VISIBILITY_SECONDS,
      fifo: false,
      onError,
    }),
  ];
  await runner.recover();
  for (const task of lastStoppedTasks(await runner.list())) announce(task);
  const sweeper = every(SWEEP_INTERVAL_MS, async () => void (await functions.sweeper()), onError);
  const redelivery = every(
    REDELIVERY_INTERVAL_MS,
    async () => void (await functions.tokenService({ op: 'redeliver' })),
    onError,
  );
  const audit = every(AUDIT_INTERVAL_MS, async () => void (await functions.fleetAudit()), onError);

  const info: LocalInfo = {
    apiUrl,
    socketUrl: `${apiUrl.replace(/^http/, 'ws')}${SOCKET_PATH}`,
    webUrl: apiUrl,
    token: await keys.userToken(LOCAL_USER, USER_TOKEN_SECONDS),
    endpoints: { dynamodb: dynamodb.endpoint, sqs: aws.sqsEndpoint, s3: aws.s3Endpoint },
    pid: process.pid,
  };
  const infoFile = join(dataDir, 'local.json');
  await writeFile(`${infoFile}.new`, `${JSON.stringify(info, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${infoFile}.new`, infoFile);

  return {
    info,
    counters,
    async close() {
      await rm(infoFile, { force: true });
      await Promise.all([sweeper.stop(), redelivery.stop(), audit.stop()]);
      // Queues stop before the tasks: a stopped task must not be replaced now. The next start announces it again.
      await Promise.all(sources.map((source) => source.stop()));
      await runner.close();
      socketFront.close();
      front.close();
      front.closeAllConnections();
      await aws.close();
      await dynamodb.close();
    },
  };
}

/** The latest task of each town, if it has stopped: its event may have been lost with the queue. */
function lastStoppedTasks(tasks: readonly Task[]): Task[] {
  const last = new Map<string, Task>();
  for (const task of tasks)
    if ((last.get(task.townId)?.epoch ?? 0) <= task.epoch) last.set(task.townId, task);
  return [...last.values()].filter(({ lastStatus }) => lastStatus === 'STOPPED');
}
