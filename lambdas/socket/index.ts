import * as z from 'zod';
import { createContainerConnections } from '../adapters/socket/connections.ts';
import { createWatcherConnections } from '../adapters/socket/watcher-connections.ts';
import { documentClient, environment, once } from '../runtime.ts';
import { createSocketHandler, type SocketAnswer, type SocketEvent } from './handler.ts';

const variables = z.object({ TABLE_NAME: z.string() });

const instance = once(() => {
  const env = environment(variables);
  const client = documentClient();
  return createSocketHandler({
    connections: createContainerConnections(client, env.TABLE_NAME),
    watchers: createWatcherConnections(client, env.TABLE_NAME),
    now: Date.now,
  });
});

export const handler = (event: SocketEvent): Promise<SocketAnswer> => instance()(event);
