import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureTable } from '../../../lambdas/adapters/dynamodb/table.ts';
import { createStreamTickets } from '../../../lambdas/adapters/dynamodb/tickets.ts';
import { createWatcherConnections } from '../../../lambdas/adapters/socket/watcher-connections.ts';
import { bundleOptions, entryOf, FUNCTION_NAMES } from '../../../lib/bundling.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { embeddedDynamoDb, embeddedSqs } from '../../../local/embedded-clients.ts';
import { startEmbeddedAws } from '../../../local/queues/embedded-aws.ts';
import { createTownQueues } from '../../../local/queues/town-queues.ts';

const directory = mkdtempSync(join(tmpdir(), 'gastown-functions-'));

const bundleOf = (name: string): string => join(directory, `${name}.mjs`);

beforeAll(async () => {
  for (const name of FUNCTION_NAMES) await build(bundleOptions(entryOf(name), bundleOf(name)));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Calls a bundled function in a process of its own, as Lambda does: nothing but its file and its environment. */
async function invoke(name: string, env: Record<string, string>, event: unknown = {}): Promise<unknown> {
  const call = `const { handler } = await import(process.argv[1]);
    const say = (answer) => console.log('ANSWER ' + JSON.stringify(answer));
    await handler(JSON.parse(process.argv[2])).then((value) => say({ value }), (error) => say({ error: error.message }));`;
  const { stdout } = await execa(
    process.execPath,
    ['--input-type=module', '-e', call, pathToFileURL(bundleOf(name)).href, JSON.stringify(event)],
    { env, extendEnv: false, timeout: 20_000 },
  );
  const line = stdout.split('\n').find((text) => text.startsWith('ANSWER '));
  return JSON.parse(line?.slice('ANSWER '.length) ?? 'null');
}

test.each(FUNCTION_NAMES)(
  '%s says what its environment lacks, when it is called and not before',
  async (name) => {
    // An HTTP function's first request fails as a whole: without its environment it can answer nobody.
    const answer = await invoke(name, {}).catch((error: unknown) => ({ error: String(error) }));
    expect(JSON.stringify(answer)).toContain('environment is incomplete');
  },
);

test('the reconciler is small: it knows DynamoDB and SQS only', () => {
  const bytes = gzipSync(readFileSync(bundleOf('reconciler'))).length;
  console.log(`reconciler: ${bytes} bytes, gzip`);
  const source = readFileSync(bundleOf('reconciler'), 'utf8');
  for (const service of ['AmazonEC2ContainerServiceV2014', 'TrentService'])
    expect(source).not.toContain(service);
  expect(bytes).toBeLessThan(150 * 1024);
});

test('one function alone knows how to read the key of the GitHub App', () => {
  const reads = (name: string): boolean => readFileSync(bundleOf(name), 'utf8').includes('GetSecretValue');
  expect(FUNCTION_NAMES.filter(reads)).toEqual(['git-token-service']);
});

describe('on the embedded services', () => {
  let env: Record<string, string>;
  let table: { client: DynamoDBDocumentClient; tableName: string };
  const close: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const dynamodb = await startEmbeddedDynamoDb();
    const aws = await startEmbeddedAws({ s3StorageDir: join(directory, 's3') });
    close.push(dynamodb.close, aws.close);
    const client = embeddedDynamoDb(dynamodb.endpoint);
    await ensureTable(client, 'towns');
    table = { client: DynamoDBDocumentClient.from(client), tableName: 'towns' };
    const { townEventsUrl, effectsUrl } = await createTownQueues(embeddedSqs(aws.sqsEndpoint));
    env = {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_SQS: aws.sqsEndpoint,
      TABLE_NAME: 'towns',
      TOWN_QUEUE_URL: townEventsUrl,
      EFFECT_QUEUE_URL: effectsUrl,
      CODE_VERSION: 'test',
      SIGNING_KEY_ID: 'the-key-of-the-tokens',
      MAC_KEY_ID: 'the-key-of-the-bootstrap-tokens',
      SECRETS_KEY_ID: 'the-key-of-the-secrets',
      TOKEN_SERVICE: 'the-token-service',
      SOCKET_URL: 'wss://socket.example/live',
      CONSOLE_URL: 'https://console.example',
      SIGN_IN_ISSUER: 'https://issuer.example/pool',
      SIGN_IN_CLIENT_ID: 'the-client',
      BUCKET_NAME: 'files',
    };
  });
  afterAll(async () => {
    for (const stop of close) await stop();
  });

  test('api makes a town, sweeper and reconciler find it as it should be', async () => {
    const event = {
      version: '2.0',
      routeKey: 'POST /v1/towns',
      body: JSON.stringify({ name: 'Town' }),
      isBase64Encoded: false,
      requestContext: { requestId: 'r', authorizer: { jwt: { claims: { sub: 'u' } } } },
    };
    const created = await invoke('api', env, event);
    expect(created).toMatchObject({ value: { statusCode: 201 } });
    expect(await invoke('sweeper', env)).toEqual({ value: { woken: 0 } });
    const record = { messageId: 'm', body: JSON.stringify({ v: 1, townId: 'nobody' }), attributes: {} };
    expect(await invoke('reconciler', env, { Records: [record] })).toEqual({
      value: { batchItemFailures: [] },
    });
  });

  test('authorizer lets a ticket in once, socket remembers who came by it', async () => {
    const grant = { userId: 'u', townId: 'town', topic: 'town' } as const;
    const { ticket } = await createStreamTickets(table, Date.now).issueTicket(grant);
    const connect = { methodArn: 'arn:method', headers: {}, queryStringParameters: { ticket } };
    const allowed = await invoke('authorizer', env, connect);
    expect(allowed).toMatchObject({
      value: { policyDocument: { Statement: [{ Effect: 'Allow', Resource: 'arn:method' }] }, context: grant },
    });
    expect(await invoke('authorizer', env, connect)).toMatchObject({
      value: { policyDocument: { Statement: [{ Effect: 'Deny' }] } },
    });
    const requestContext = { routeKey: '$connect', connectionId: 'c', authorizer: grant };
    expect(await invoke('socket', env, { requestContext })).toEqual({ value: { statusCode: 200 } });
    const watchers = await createWatcherConnections(table.client, 'towns').watchersOf(grant);
    expect(watchers.map(({ connectionId }) => connectionId)).toEqual(['c']);
  });
});
