import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { parseStored } from '../dynamodb/items.ts';
import type { Key } from '../dynamodb/keys.ts';
import type { StreamGrant, Topic } from '../dynamodb/tickets.ts';
import { TownTable } from '../dynamodb/town-table.ts';
import { CONNECTION_LIFE_SECONDS, connectionsPk } from './connection-rows.ts';

/** What a browser's connection listens to. */
type Watched = Pick<StreamGrant, 'townId' | 'topic' | 'agentId'>;

export interface WatcherConnection {
  readonly connectionId: string;
  readonly connectedAt: Instant;
}

export interface WatcherConnections {
  watch(grant: StreamGrant, connectionId: string, now: Instant): Promise<void>;
  unwatch(watched: Watched, connectionId: string): Promise<void>;
  watchersOf(watched: Watched): Promise<WatcherConnection[]>;
}

/** Nobody looks at a town in more windows; those beyond it poll. */
const MAX_WATCHERS = 500;

const row = z.object({ connectionId: z.string(), connectedAt: z.number(), expiresAt: z.number() });

/** One agent's prefix is never the beginning of another's: ids hold no `#`, and a topic without an agent has an empty one. */
const prefixOf = (topic: Topic, agentId = ''): string => `WATCH#${topic}#${encodeURIComponent(agentId)}#`;

/** `CONN#<townId>` / `WATCH#<topic>#<agentId>#<connectionId>`: the browsers of a town, found by what they listen to. */
export function createWatcherConnections(
  client: DynamoDBDocumentClient,
  tableName: string,
  now: Now = Date.now,
): WatcherConnections {
  const table = new TownTable({ client, tableName });
  const keyOf = ({ townId, topic, agentId }: Watched, connectionId: string): Key => ({
    pk: connectionsPk(townId),
    sk: prefixOf(topic, agentId) + connectionId,
  });
  return {
    async watch(grant, connectionId, connectedAt) {
      const expiresAt = Math.floor(connectedAt / 1000) + CONNECTION_LIFE_SECONDS;
      const { userId } = grant;
      const item = { ...keyOf(grant, connectionId), connectionId, userId, connectedAt, expiresAt };
      await table.write('watch', { op: 'put', item });
    },
    async unwatch(watched, connectionId) {
      await table.write('watch', { op: 'delete', key: keyOf(watched, connectionId) });
    },
    async watchersOf({ townId, topic, agentId }) {
      const items = await table.query('watchers', {
        where: '#pk = :pk AND begins_with(#sk, :prefix)',
        values: { ':pk': connectionsPk(townId), ':prefix': prefixOf(topic, agentId) },
        limit: MAX_WATCHERS,
      });
      const rows = items.map((item) => parseStored(row, item));
      return rows.filter(({ expiresAt }) => expiresAt > Math.floor(now() / 1000));
    },
  };
}
