import {
  PostToConnectionCommand,
  type ApiGatewayManagementApiClient,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ContainerSocket, Now, Telemetry } from '../../../core/ports.ts';

/** Where the connection of a town's container is found. */
export interface ConnectionStore {
  connectionOf(townId: string, epoch: number): Promise<string | undefined>;
  /** Forgets the connection, unless another has taken its place or it was made at or after `beforeMs`. */
  forget(townId: string, epoch: number, connectionId: string, beforeMs: number): Promise<void>;
}

/** A connection is written down while it opens, and is answered with "gone" until it is open. */
const OPENING_MS = 10_000;

/** `sync-now` through API Gateway's `@connections` call. Nothing correct depends on it. */
export function createContainerSocket(
  api: ApiGatewayManagementApiClient,
  connections: ConnectionStore,
  telemetry: Telemetry,
  now: Now = Date.now,
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
        if (isGone) await connections.forget(townId, epoch, connectionId, now() - OPENING_MS);
        else telemetry.log('warn', 'a container was not poked', { townId, epoch, error: String(error) });
      }
    },
  };
}
