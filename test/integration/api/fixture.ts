import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'vitest';
import * as z from 'zod';
import { MESSAGE_VERSION, type MessageFact } from '../../../core/facts/message.ts';
import type { Town } from '../../../core/town/town.ts';
import { platformKey } from '../../../lambdas/adapters/dynamodb/platform-key.ts';
import { ensureTable } from '../../../lambdas/adapters/dynamodb/table.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { createObjectStore } from '../../../lambdas/adapters/s3/object-store.ts';
import { createSnapshotObjects } from '../../../lambdas/adapters/s3/snapshot-objects.ts';
import { createTokenSigner } from '../../../lambdas/adapters/tokens/token-signer.ts';
import { createCounters } from '../../../local/counters.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { documentClient, embeddedDynamoDb, embeddedSqs } from '../../../local/embedded-clients.ts';
import { createHttpFront } from '../../../local/front/http-front.ts';
import { createSocketFront, SOCKET_PATH } from '../../../local/front/socket-front.ts';
import { createFunctions, type FunctionsOptions } from '../../../local/functions.ts';
import { openLocalKeys } from '../../../local/keys.ts';
import { startEmbeddedAws } from '../../../local/queues/embedded-aws.ts';
import { startEventSource } from '../../../local/queues/event-source.ts';
import { openLocalCipher } from '../../../local/secrets.ts';
import { openTownBucket } from '../../../local/storage/town-bucket.ts';
import { createTownQueues } from '../../../local/queues/town-queues.ts';
import { callerOf, idOf } from './client.ts';
import { createContractCheck } from './contract.ts';
import { createModelGitHubApp } from './model-github-app.ts';
import { createModelTasks } from './model-tasks.ts';
import { createSecretWatch } from './secrets.ts';
import { scan } from './table.ts';

export const MODEL_KEY = 'sk-model-key-of-the-fixture-000';
export const TABLE = 'gastown-test';
export const CONSOLE_URL = 'https://console.example';

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/**
 * The functions behind the local fronts with the embedded DynamoDB and SQS. `isRunning`: the queues are fed to the functions, as
 * in local mode; otherwise nothing happens but what a test does, and `reconcile` is how a town takes a step. `databasePath`: the
 * directory of a database that is there.
 */
export async function startFixture({
  isRunning = false,
  databasePath,
  webhookSecrets = [],
  github = {},
}: {
  isRunning?: boolean;
  databasePath?: string;
  /** Of the GitHub App; changed in place, they are other ones. */
  webhookSecrets?: readonly string[];
  /** Instead of github.com, without an app. */
  github?: Pick<FunctionsOptions, 'githubApiUrl' | 'githubGraphqlUrl' | 'appSecrets'>;
} = {}) {
  const githubApp = createModelGitHubApp();
  const dataDir = await mkdtemp(join(tmpdir(), 'gastown-api-'));
  const secrets = createSecretWatch();
  secrets.add(MODEL_KEY);
  const counters = createCounters();
  const clock = { offsetMs: 0 };
  const now = (): number => Date.now() + clock.offsetMs;
  const dynamodb = await startEmbeddedDynamoDb({ path: databasePath });
  const aws = await startEmbeddedAws({ s3StorageDir: join(dataDir, 's3') });
  const sqs = embeddedSqs(aws.sqsEndpoint);
  const raw = embeddedDynamoDb(dynamodb.endpoint);
  const document = documentClient(raw);
  await ensureTable(raw, TABLE);
  const queues = await createTownQueues(sqs);
  const { s3, bucket } = await openTownBucket(aws.s3Endpoint);
  const objects = createObjectStore(s3, bucket);
  const keys = await openLocalKeys(dataDir);
  watchKeys(secrets.add, await readFile(join(dataDir, 'keys.json'), 'utf8'));
  const tokens = createTokenSigner(keys.signing, now);
  const tasks = createModelTasks((task, exitCode) => {
    const fact = { type: 'task_stopped', epoch: task.epoch, reason: 'it ended by itself', exitCode } as const;
    return functions.towns.send({ v: MESSAGE_VERSION, townId: task.townId, fact });
  });
  let apiUrl = '';
  const telemetry = (service: string) =>
    createJsonTelemetry({
      service,
      count: (metric, value) => counters.add(metric, value),
      write: (line) => void secrets.lines.push(line),
    });
  const functions = createFunctions({
    ...github,
    fleet: { page: async () => ({ tasks: [], next: undefined }), stop: async () => {} },
    document,
    tableName: TABLE,
    objects,
    snapshotObjects: createSnapshotObjects(s3, bucket),
    cipher: await openLocalCipher(dataDir),
    cursorKey: await platformKey({ client: document, tableName: TABLE }, 'cursor'),
    githubApp,
    sqs,
    townEventsUrl: queues.townEventsUrl,
    effectsUrl: queues.effectsUrl,
    tokens,
    tasks,
    models: {
      credentials: () =>
        Promise.resolve({
          providerId: 'test',
          npm: '@ai-sdk/openai-compatible',
          options: { apiKey: MODEL_KEY },
          modelId: 'model',
          smallModelId: 'model',
          env: {},
        }),
    },
    webhookSecrets: { read: () => Promise.resolve(webhookSecrets) },
    counters,
    now,
    version: '1.2.3',
    socketUrl: () => `${apiUrl.replace(/^http/, 'ws')}${SOCKET_PATH}`,
    consoleUrl: () => CONSOLE_URL,
    connectionsUrl: () => apiUrl,
    telemetry,
  });
  const sockets = createSocketFront({
    handler: functions.socket,
    tokens,
    tickets: functions.tickets,
    telemetry: telemetry('socket'),
  });
  const front = createHttpFront({
    functions: functions.http,
    tokens,
    verifyUser: keys.verifyUser,
    fallback: sockets.connections,
  });
  sockets.attach(front);
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  // A TCP server's address is an AddressInfo.
  apiUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const onError = (error: unknown): void =>
    telemetry('queues').log('error', 'queue', { error: String(error) });
  const common = { sqs, onError, visibilityTimeoutSeconds: 60 };
  const { townEventsUrl, effectsUrl } = queues;
  const sources = !isRunning
    ? []
    : [
        startEventSource({
          ...common,
          queueUrl: townEventsUrl,
          handler: functions.reconciler,
          batchSize: 10,
          maxConcurrency: 4,
          fifo: true,
        }),
        startEventSource({
          ...common,
          queueUrl: effectsUrl,
          handler: functions.worker,
          batchSize: 1,
          maxConcurrency: 8,
          fifo: false,
        }),
      ];
  const check = createContractCheck(functions.http.flatMap(({ routes }) => routes));
  const call = callerOf(() => apiUrl, secrets, check);
  const userToken = async (userId: string, lifeSeconds = 3600): Promise<string> => {
    const token = await keys.userToken(userId, lifeSeconds);
    secrets.add(token);
    return token;
  };

  const fixture = {
    ...functions,
    githubApp,
    apiUrl,
    tokens,
    tasks,
    clock,
    now,
    secrets,
    counters,
    sqs,
    queues,
    document,
    tableName: TABLE,
    objects,
    s3,
    bucket,
    call,
    userToken,
    items: () => scan(document, TABLE),
    /** A town with one rig, made over HTTP. */
    async town(userId: string, config?: object) {
      const token = await userToken(userId);
      const townId = idOf(await call('POST', '/v1/towns', { token, body: { name: 'town', config } }));
      const rig = { name: 'rig', gitUrl: '/srv/git/rig.git' };
      const rigId = idOf(await call('POST', `/v1/towns/${townId}/rigs`, { token, body: rig }));
      return { token, townId, rigId, path: `/v1/towns/${townId}` };
    },
    /** One wake-up of the town, with facts or without; it must succeed. */
    async reconcile(townId: string, ...facts: MessageFact[]): Promise<void> {
      const bodies = facts.length === 0 ? [{}] : facts.map((fact) => ({ fact }));
      const Records = bodies.map((body) =>
        sqsRecord(townId, JSON.stringify({ v: MESSAGE_VERSION, townId, ...body })),
      );
      expect(await functions.reconciler({ Records })).toEqual({ batchItemFailures: [] });
    },
    async live(townId: string): Promise<Town> {
      const town = await functions.store.live(townId);
      if (town === undefined) throw new Error(`there is no town ${townId}`);
      return town;
    },
    async close(): Promise<void> {
      await Promise.all(sources.map((source) => source.stop()));
      sockets.close();
      front.close();
      front.closeAllConnections();
      await aws.close();
      await dynamodb.close();
      await rm(dataDir, { recursive: true, force: true });
      secrets.expectSafeLogs();
    },
  };
  return fixture;
}

/** A record as the event source makes it. */
export function sqsRecord(townId: string, body: string, receives = 1): SQSRecord {
  return {
    messageId: randomUUID(),
    receiptHandle: randomUUID(),
    body,
    attributes: {
      ApproximateReceiveCount: `${receives}`,
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: townId,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:town-events.fifo',
    awsRegion: 'us-east-1',
  };
}

/** Waits until `probe` gives something; at most `limitMs`. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  limitMs = 10_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const found = await probe();
    if (found !== undefined) return found;
    await sleep(15);
  }
  throw new Error(`${what}: not within ${limitMs} ms`);
}

function watchKeys(add: (secret: string) => void, file: string): void {
  const { mac, signing, issuer } = z
    .object({ mac: z.string(), signing: z.object({ d: z.string() }), issuer: z.object({ d: z.string() }) })
    .parse(JSON.parse(file));
  for (const secret of [mac, signing.d, issuer.d]) add(secret);
}
