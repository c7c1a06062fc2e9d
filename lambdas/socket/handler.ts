import * as z from 'zod';
import type { Now } from '../../core/ports.ts';
import { streamGrant } from '../adapters/dynamodb/tickets.ts';
import type { ContainerConnections } from '../adapters/socket/connections.ts';
import type { WatcherConnections } from '../adapters/socket/watcher-connections.ts';
import { answerTo } from './client-frame.ts';

/** The part of API Gateway's WebSocket event that is used. */
export interface SocketEvent {
  readonly requestContext: {
    readonly routeKey: string;
    readonly connectionId: string;
    /** What the authorizer of $connect said; API Gateway repeats it for the life of the connection. */
    readonly authorizer?: Readonly<Record<string, unknown>>;
  };
  /** What the client sent; only of `$default`. */
  readonly body?: string | undefined;
}

export interface SocketAnswer {
  readonly statusCode: number;
  /** Sent to the client, where the route has a route response. */
  readonly body?: string;
}

/** A container names its epoch; whoever else was let in came with a ticket. */
const claims = z.union([
  z.object({ townId: z.string(), epoch: z.coerce.number().int() }).transform((container) => ({ container })),
  streamGrant.transform((browser) => ({ browser })),
]);

/**
 * Keeps track of sockets: the containers', which are poked, and the browsers', which are told what changes. What a container sends
 * is ignored: it speaks through sync.
 */
export function createSocketHandler(deps: {
  readonly connections: ContainerConnections;
  readonly watchers: WatcherConnections;
  readonly now: Now;
}) {
  return async ({ requestContext, body }: SocketEvent): Promise<SocketAnswer> => {
    const { routeKey, connectionId, authorizer } = requestContext;
    const parsed = claims.safeParse(authorizer);
    if (!parsed.success) return { statusCode: 401 };
    if ('container' in parsed.data) {
      const { townId, epoch } = parsed.data.container;
      if (routeKey === '$connect') await deps.connections.remember(townId, epoch, connectionId, deps.now());
      if (routeKey === '$disconnect') await deps.connections.disconnected(townId, epoch, connectionId);
      return { statusCode: 200 };
    }
    const { browser } = parsed.data;
    switch (routeKey) {
      case '$connect':
        await deps.watchers.watch(browser, connectionId, deps.now());
        return { statusCode: 200 };
      case '$disconnect':
        await deps.watchers.unwatch(browser, connectionId);
        return { statusCode: 200 };
      default:
        return { statusCode: 200, body: JSON.stringify(answerTo(browser, body)) };
    }
  };
}
