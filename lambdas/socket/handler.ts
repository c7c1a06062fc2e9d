import * as z from 'zod';
import type { Now } from '../../core/ports.ts';
import type { ContainerConnections } from '../adapters/socket/connections.ts';

/** The part of API Gateway's WebSocket event that is used. */
export interface SocketEvent {
  readonly requestContext: {
    readonly routeKey: string;
    readonly connectionId: string;
    /** What the authorizer of $connect said; API Gateway repeats it for the life of the connection. */
    readonly authorizer?: Readonly<Record<string, unknown>>;
  };
}

const claims = z.object({ townId: z.string(), epoch: z.coerce.number().int() });

/** Keeps track of the containers' sockets. What arrives on them is ignored: containers speak through sync. */
export function createSocketHandler(deps: { connections: ContainerConnections; now: Now }) {
  return async ({ requestContext }: SocketEvent): Promise<{ statusCode: number }> => {
    const { routeKey, connectionId, authorizer } = requestContext;
    const parsed = claims.safeParse(authorizer);
    if (!parsed.success) return { statusCode: 401 };
    const { townId, epoch } = parsed.data;
    if (routeKey === '$connect') await deps.connections.remember(townId, epoch, connectionId, deps.now());
    if (routeKey === '$disconnect') await deps.connections.disconnected(townId, epoch, connectionId);
    return { statusCode: 200 };
  };
}
