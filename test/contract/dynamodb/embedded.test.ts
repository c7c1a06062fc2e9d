import { UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DataDirectoryInUse, openDatabase } from '../../../local/dynamodb/database.ts';
import { tablePrefix } from '../../../local/dynamodb/keyspace.ts';
import { startEmbeddedDynamoDb, type EmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { clientsFor, createTable, tableName, type Clients } from './clients.ts';
import { dynamoDbConformance } from './conformance.ts';

describe.each([{ where: 'in memory' }, { where: 'on disk' }])('the embedded server $where', ({ where }) => {
  let server: EmbeddedDynamoDb | undefined;
  beforeAll(async () => {
    server = await startEmbeddedDynamoDb(where === 'on disk' ? { path: await directory() } : {});
  });
  afterAll(() => server?.close());
  dynamoDbConformance(() => server?.endpoint ?? '');
});

const external = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
describe.skipIf(!external)('the server at AWS_ENDPOINT_URL_DYNAMODB', () => {
  dynamoDbConformance(() => external ?? '');
});

const signed = { authorization: 'AWS4-HMAC-SHA256 x', 'x-amz-target': 'DynamoDB_20120810.ListTables' };

describe('the embedded server alone', () => {
  it('keeps items, settings and client tokens over a restart', async () => {
    const path = await directory();
    const first = await start({ path });
    const table = await createTable(first.raw, tableName('restart'));
    const add = new TransactWriteCommand({
      ClientRequestToken: 'over-a-restart',
      TransactItems: [
        {
          Update: {
            TableName: table,
            Key: { pk: 'a', sk: '1' },
            UpdateExpression: 'ADD v :one',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
      ],
    });
    await first.doc.send(add);
    await first.server.close();

    const second = await start({ path });
    await second.doc.send(add);
    const { Item } = await second.doc.send(new GetCommand({ TableName: table, Key: { pk: 'a', sk: '1' } }));
    expect(Item).toEqual({ pk: 'a', sk: '1', v: 1 });
  });

  it('says so when its directory is in use, and lets go of it at close', async () => {
    const path = await directory();
    const { server } = await start({ path });
    const attempt = startEmbeddedDynamoDb({ path });
    await expect(attempt).rejects.toBeInstanceOf(DataDirectoryInUse);
    await expect(attempt).rejects.toThrow('another gastown is running on this data directory');
    await Promise.all([server.close(), server.close()]);
    await start({ path });
  });

  it('lets go of its directory when its port is taken', async () => {
    const { server } = await start({});
    const path = await directory();
    const port = Number(new URL(server.endpoint).port);
    await expect(startEmbeddedDynamoDb({ path, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await start({ path });
  });

  it('finishes the making and the deleting of tables that a crash interrupted', async () => {
    const path = await directory();
    const first = await start({ path });
    const made = await createTable(first.raw, tableName('made'));
    const deleted = await createTable(first.raw, tableName('deleted'));
    await first.doc.send(new PutCommand({ TableName: deleted, Item: { pk: 'a', sk: '1' } }));
    await first.server.close();
    const { level } = await openDatabase(path);
    for (const [name, TableStatus] of [
      [made, 'CREATING'],
      [deleted, 'DELETING'],
    ] as const) {
      const record = (await level.get(tablePrefix + name)) as object;
      await level.put(tablePrefix + name, { ...record, TableStatus });
    }
    await level.close();

    const { doc, raw } = await start({ path });
    await doc.send(new PutCommand({ TableName: made, Item: { pk: 'a', sk: '1' } }));
    await createTable(raw, deleted);
    const { Item } = await doc.send(new GetCommand({ TableName: deleted, Key: { pk: 'a', sk: '1' } }));
    expect(Item).toBeUndefined();
  });

  it('deletes expired items, their index entries too, and no others', async () => {
    const { doc, raw } = await start({ ttlSweepIntervalMs: 50 });
    const TableName = await createTable(raw, tableName('ttl'));
    const nowSeconds = Math.floor(Date.now() / 1000);
    const rows = [
      { sk: 'expired', ttl: nowSeconds - 10 },
      { sk: 'later', ttl: nowSeconds + 1000 },
      { sk: 'never' },
      { sk: 'not a number', ttl: String(nowSeconds - 10) },
      { sk: 'milliseconds by mistake', ttl: Date.now() - 10 },
      { sk: 'older than five years', ttl: nowSeconds - 6 * 365 * 24 * 3600 },
    ];
    for (const row of rows) {
      await doc.send(new PutCommand({ TableName, Item: { pk: 'a', group: 'g', rank: row.sk, ...row } }));
    }
    const specification = { AttributeName: 'ttl', Enabled: true };
    await raw.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: specification }));
    const kept = rows.slice(1).map(({ sk }) => sk);
    await vi.waitFor(
      async () => {
        const { Items } = await doc.send(
          new QueryCommand({
            TableName,
            IndexName: 'byGroup',
            KeyConditionExpression: '#g = :g',
            ExpressionAttributeNames: { '#g': 'group' },
            ExpressionAttributeValues: { ':g': 'g' },
          }),
        );
        expect(Items?.map(({ sk }) => String(sk)).toSorted()).toEqual(kept.toSorted());
      },
      { timeout: 5000, interval: 50 },
    );
    const { Item } = await doc.send(new GetCommand({ TableName, Key: { pk: 'a', sk: 'expired' } }));
    expect(Item).toBeUndefined();
  });

  it('shows a page of a query as of one moment between transactions', async () => {
    const { doc, raw } = await start({ path: await directory() });
    const TableName = await createTable(raw, tableName('snapshot'));
    const sortKeys = Array.from({ length: 10 }, (_, number) => String(number));
    const write = (v: number) =>
      doc.send(
        new TransactWriteCommand({
          TransactItems: sortKeys.map((sk) => ({
            Put: { TableName, Item: { pk: 'a', sk, v, group: 'g', rank: sk } },
          })),
        }),
      );
    await write(0);
    const written = new AbortController();
    async function writeAll(): Promise<void> {
      for (let v = 1; v <= 60; v += 1) await write(v);
      written.abort();
    }
    const pages: unknown[][] = [];
    async function readAll(query: { KeyConditionExpression: string; IndexName?: string }, value: string) {
      for (let round = 0; !written.signal.aborted && round < 10_000; round += 1) {
        const names = query.IndexName ? { '#g': 'group' } : undefined;
        const values = { ':value': value };
        const { Items } = await doc.send(
          new QueryCommand({
            TableName,
            ...query,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
          }),
        );
        pages.push((Items ?? []).map(({ v }) => v as unknown));
      }
    }
    await Promise.all([
      writeAll(),
      readAll({ KeyConditionExpression: 'pk = :value' }, 'a'),
      readAll({ IndexName: 'byGroup', KeyConditionExpression: '#g = :value' }, 'g'),
    ]);
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) {
      expect(page).toHaveLength(10);
      expect(new Set(page).size).toBe(1);
    }
  });

  it.each([
    {
      what: 'a request that no SDK signed',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
      body: '{}',
    },
    { what: 'a request without an operation', headers: { authorization: 'AWS4-HMAC-SHA256 x' }, body: '{}' },
    {
      what: 'a body that is not JSON',
      headers: signed,
      body: 'hello',
    },
  ])('refuses $what', async ({ headers, body }) => {
    const { server } = await start({});
    const response = await fetch(server.endpoint, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    { host: 'page.example', status: 400 },
    { host: 'localhost:1', status: 200 },
    { host: '[::1]:1', status: 200 },
  ])('answers $status to a request for the host $host', async ({ host, status }) => {
    const { server } = await start({});
    // fetch sends its own Host.
    const sent = request(server.endpoint, { method: 'POST', headers: { ...signed, host } }).end('{}');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(status);
  });
});

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'gastown-dynamodb-'));
  directories.push(path);
  return path;
}
const directories: string[] = [];
afterAll(() => Promise.all(directories.map((path) => rm(path, { recursive: true, force: true }))));

async function start(
  options: Parameters<typeof startEmbeddedDynamoDb>[0],
): Promise<Clients & { server: EmbeddedDynamoDb }> {
  const server = await startEmbeddedDynamoDb(options);
  const clients = clientsFor(server.endpoint);
  onTestFinished(async () => {
    clients.raw.destroy();
    await server.close();
  });
  return { ...clients, server };
}
