import {
  CreateTableCommand,
  ResourceInUseException,
  waitUntilTableExists,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** Towns by due time: `duePk` (a shard), `dueAt`. */
export const DUE_INDEX = 'due';
/** Terminal records by time: `donePk` (town and kind), `doneAt`. Holds whole items: a page of history is one query. */
export const DONE_INDEX = 'done';

const MAX_WAIT_SECONDS = 60;

/** The one table. The stack makes the same one, with recovery, encryption and deletion protection. */
export function tableDefinition(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'duePk', AttributeType: 'S' },
      { AttributeName: 'dueAt', AttributeType: 'N' },
      { AttributeName: 'donePk', AttributeType: 'S' },
      { AttributeName: 'doneAt', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: DUE_INDEX,
        KeySchema: [
          { AttributeName: 'duePk', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: DONE_INDEX,
        KeySchema: [
          { AttributeName: 'donePk', KeyType: 'HASH' },
          { AttributeName: 'doneAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
}

/** Makes the table if it is not there, and waits until it can be used; for local mode and tests. Throws the SDK's errors. */
export async function ensureTable(client: DynamoDBClient, tableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(tableDefinition(tableName)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const waiting = { client, minDelay: 1, maxDelay: 2, maxWaitTime: MAX_WAIT_SECONDS };
  await waitUntilTableExists(waiting, { TableName: tableName });
}
