import { DeleteCommand, GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CONNECTION_LIFE_SECONDS, connectionsPk } from './connection-rows.ts';
import type { ConnectionStore } from './container-socket.ts';

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
  const key = (townId: string, epoch: number) => ({ pk: connectionsPk(townId), sk: `CONTAINER#${epoch}` });
  /** A row for which the condition does not hold stays: another connection has taken its place. */
  const remove = async (
    townId: string,
    epoch: number,
    ConditionExpression: string,
    ExpressionAttributeValues: Record<string, string | number>,
  ): Promise<void> => {
    const Key = key(townId, epoch);
    try {
      await client.send(
        new DeleteCommand({ TableName: tableName, Key, ConditionExpression, ExpressionAttributeValues }),
      );
    } catch (error) {
      const isReplaced = error instanceof Error && error.name === 'ConditionalCheckFailedException';
      if (!isReplaced) throw error;
    }
  };
  return {
    async remember(townId, epoch, connectionId, nowMs) {
      const expiresAt = Math.floor(nowMs / 1000) + CONNECTION_LIFE_SECONDS;
      const Item = { ...key(townId, epoch), connectionId, connectedAt: nowMs, expiresAt };
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },
    disconnected: (townId, epoch, connectionId) =>
      remove(townId, epoch, 'connectionId = :gone', { ':gone': connectionId }),
    forget: (townId, epoch, connectionId, beforeMs) =>
      remove(
        townId,
        epoch,
        'connectionId = :gone AND (attribute_not_exists(connectedAt) OR connectedAt < :before)',
        { ':gone': connectionId, ':before': beforeMs },
      ),
    async connectionOf(townId, epoch) {
      const Key = key(townId, epoch);
      // Strongly: a container that has just come back is poked at its new connection.
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      const connectionId: unknown = Item?.['connectionId'];
      return typeof connectionId === 'string' ? connectionId : undefined;
    },
  };
}
