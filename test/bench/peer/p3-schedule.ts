import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tick } from './p1-tick.ts';

/** P3: a schedule for each town, every minute: it reads the town's partition and writes a sign of life. */
export async function scheduled(
  client: DynamoDBDocumentClient,
  tableName: string,
  townId: string,
  now: number,
): Promise<void> {
  await tick(client, tableName, townId, now);
  await client.send(
    new PutCommand({ TableName: tableName, Item: { pk: `TOWN#${townId}`, sk: 'HEARTBEAT', at: now } }),
  );
}

export const RUNS_A_MONTH = 30 * 24 * 60;
