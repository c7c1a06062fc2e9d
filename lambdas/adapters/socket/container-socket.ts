import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { ContainerSocket, Now, Telemetry } from '../../../core/ports.ts';
import { frameText, OPENING_MS, postFrame } from './post-frame.ts';

/** Where the connection of a town's container is found. */
export interface ConnectionStore {
  connectionOf(townId: string, epoch: number): Promise<string | undefined>;
  /** Forgets the connection, unless another has taken its place or it was made at or after `beforeMs`. */
  forget(townId: string, epoch: number, connectionId: string, beforeMs: number): Promise<void>;
}

const SYNC_NOW = frameText({ topic: 'container', type: 'sync-now', data: {} });

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
      try {
        const outcome = await postFrame(api, connectionId, SYNC_NOW);
        if (outcome === 'gone') await connections.forget(townId, epoch, connectionId, now() - OPENING_MS);
      } catch (error) {
        telemetry.log('warn', 'a container was not poked', { townId, epoch, error: String(error) });
      }
    },
  };
}
