import {
  PostToConnectionCommand,
  type ApiGatewayManagementApiClient,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ContainerSocket, Telemetry } from '../../../core/ports.ts';

/** Where the connection of a town's container is found. */
export interface ConnectionStore {
  connectionOf(townId: string, epoch: number): Promise<string | undefined>;
  forget(townId: string, epoch: number): Promise<void>;
}

/** `sync-now` through API Gateway's `@connections` call. Nothing correct depends on it. */
export function createContainerSocket(
  api: ApiGatewayManagementApiClient,
  connections: ConnectionStore,
  telemetry: Telemetry,
): ContainerSocket {
  return {
    async syncNow(townId, epoch) {
      const connectionId = await connections.connectionOf(townId, epoch);
      if (connectionId === undefined) return;
      const Data = JSON.stringify({ topic: 'container', type: 'sync-now', data: {} });
      try {
        await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
      } catch (error) {
        const isGone = error instanceof Error && error.name === 'GoneException';
        if (isGone) await connections.forget(townId, epoch);
        else telemetry.log('warn', 'a container was not poked', { townId, epoch, error: String(error) });
      }
    },
  };
}
