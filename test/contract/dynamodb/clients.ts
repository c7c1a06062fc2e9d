import {
  CreateTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface Clients {
  readonly raw: DynamoDBClient;
  readonly doc: DynamoDBDocumentClient;
}

/** Real SDK clients that do not retry: what the server answers is what the test sees. */
export function clientsFor(endpoint: string): Clients {
  const raw = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    raw,
    doc: DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } }),
  };
}

let tables = 0;
/** Unique within an endpoint, also between test runs on the same one. */
export function tableName(purpose: string): string {
  tables += 1;
  return `contract-${purpose}-${process.pid}-${Date.now()}-${tables}`;
}

/** `pk` and `sk`; `byGroup` has whole items by `group` and `rank`, `bySort` has `v` and `byState` only keys. */
export async function createTable(raw: DynamoDBClient, name: string): Promise<string> {
  const attributes = ['pk', 'sk', 'group', 'rank', 'state'];
  const table: CreateTableCommandInput = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byGroup',
        KeySchema: [
          { AttributeName: 'group', KeyType: 'HASH' },
          { AttributeName: 'rank', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'bySort',
        KeySchema: [{ AttributeName: 'rank', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['v'] },
      },
      {
        IndexName: 'byState',
        KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  };
  await raw.send(new CreateTableCommand(table));
  await waitUntilTableExists({ client: raw, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: name });
  return name;
}
