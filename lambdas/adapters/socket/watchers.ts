import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { Now, Telemetry } from '../../../core/ports.ts';
import type { Topic } from '../dynamodb/tickets.ts';
import { frameText, OPENING_MS, postFrame } from './post-frame.ts';
import type { WatcherConnection, WatcherConnections } from './watcher-connections.ts';

/** Tells browsers. Nothing correct depends on it: what they were told they can always read. */
export interface Watchers {
  /**
   * Sends `{topic, type, data}` to everybody who listens. Who cannot be reached is skipped, who is gone is forgotten.
   * @param agentId for the topics `agent` and `terminal`
   * @throws TooLarge for a frame over 32 KB; Unavailable when it cannot be read who listens
   */
  publish(
    townId: string,
    topic: Topic,
    agentId: string | undefined,
    frame: { readonly type: string; readonly data: unknown },
  ): Promise<void>;
}

const AT_ONCE = 16;

export function createWatchers(deps: {
  readonly api: ApiGatewayManagementApiClient;
  readonly connections: WatcherConnections;
  readonly telemetry: Telemetry;
  readonly now: Now;
}): Watchers {
  const { api, connections, telemetry, now } = deps;
  return {
    async publish(townId, topic, agentId, { type, data }) {
      const text = frameText({ topic, type, data });
      const watched = { townId, topic, agentId };
      const tell = async ({ connectionId, connectedAt }: WatcherConnection): Promise<void> => {
        try {
          const outcome = await postFrame(api, connectionId, text);
          if (outcome === 'gone' && connectedAt < now() - OPENING_MS) {
            await connections.unwatch(watched, connectionId);
          }
        } catch (error) {
          telemetry.log('warn', 'a watcher was not told', { townId, topic, error: String(error) });
        }
      };
      const found = await connections.watchersOf(watched);
      for (let from = 0; from < found.length; from += AT_ONCE) {
        await Promise.all(found.slice(from, from + AT_ONCE).map(tell));
      }
    },
  };
}
