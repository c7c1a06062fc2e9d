import { DeleteCommand, GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ConnectionStore } from './container-socket.ts';

/** API Gateway closes a socket after two hours; a row that outlives it is swept by TTL. */
const LIFE_SECONDS = 2 * 3600 + 600;

export interface ContainerConnections extends ConnectionStore {
  remember(townId: string, epoch: number, connectionId: string, nowMs: number): Promise<void>;
  /** Forgets the connection, unless a newer one has taken its place. */
  disconnected(townId: string, epoch: number, connectionId: string): Promise<void>;
}

/** `CONN#<townId>` / `CONTAINER#<epoch>`: the one socket of a town's container. */
export function createContainerConnections(
  client: DynamoDBDocumentClient,
  tableName: string,
): ContainerConnections {
  const key = (townId: string, epoch: number) => ({ pk: `CONN#${townId}`, sk: `CONTAINER#${epoch}` });
  return {
    async remember(townId, epoch, connectionId, nowMs) {
      const expiresAt = Math.floor(nowMs / 1000) + LIFE_SECONDS;
      const Item = { ...key(townId, epoch), connectionId, expiresAt };
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },
    async disconnected(townId, epoch, connectionId) {
      try {
        await client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: key(townId, epoch),
            ConditionExpression: 'connectionId = :gone',
            ExpressionAttributeValues: { ':gone': connectionId },
          }),
        );
      } catch (error) {
        const isReplaced = error instanceof Error && error.name === 'ConditionalCheckFailedException';
        if (!isReplaced) throw error;
      }
    },
    async forget(townId, epoch) {
      await client.send(new DeleteCommand({ TableName: tableName, Key: key(townId, epoch) }));
    },
    async connectionOf(townId, epoch) {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key(townId, epoch) }));
      const connectionId: unknown = Item?.['connectionId'];
      return typeof connectionId === 'string' ? connectionId : undefined;
    },
  };
}
