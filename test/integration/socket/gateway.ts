import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { WebSocket, type ClientOptions } from 'ws';
import { createStreamTickets, type StreamGrant } from '../../../lambdas/adapters/dynamodb/tickets.ts';
import { createContainerConnections } from '../../../lambdas/adapters/socket/connections.ts';
import { createWatcherConnections } from '../../../lambdas/adapters/socket/watcher-connections.ts';
import { createWatchers } from '../../../lambdas/adapters/socket/watchers.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { createTokenSigner } from '../../../lambdas/adapters/tokens/token-signer.ts';
import { createSocketHandler } from '../../../lambdas/socket/handler.ts';
import { urlOf } from '../../../local/front/http-event.ts';
import { createSocketFront } from '../../../local/front/socket-front.ts';
import type { SocketTimes } from '../../../local/front/socket-limits.ts';
import { openLocalKeys } from '../../../local/keys.ts';
import { startTable } from '../idempotency/table.ts';

export type Gateway = Awaited<ReturnType<typeof startGateway>>;

/** The WebSocket API on one machine: the real handler, the real table, the real `@connections` client. */
export async function startGateway(dataDir: string, times?: SocketTimes) {
  const { client, tableName, options, close } = await startTable();
  const clock = { offsetMs: 0 };
  const now = () => Date.now() + clock.offsetMs;
  const lines: string[] = [];
  const telemetry = createJsonTelemetry({ service: 'socket', write: (line) => void lines.push(line) });
  const tokens = createTokenSigner((await openLocalKeys(dataDir)).signing, now);
  const tickets = createStreamTickets(options, now);
  const watcherConnections = createWatcherConnections(client, tableName, now);
  const front = createSocketFront({
    handler: createSocketHandler({
      connections: createContainerConnections(client, tableName),
      watchers: watcherConnections,
      now,
    }),
    tokens,
    tickets,
    telemetry,
    ...(times === undefined ? {} : { times }),
  });
  const server = createServer((request, response) => {
    const url = urlOf(request);
    if (url === undefined || !front.connections(request, response, url)) response.writeHead(404).end();
  });
  front.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an AddressInfo.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = new ApiGatewayManagementApiClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const connect = (query: string, more: ClientOptions = {}): WebSocket =>
    new WebSocket(`${url.replace('http', 'ws')}/socket${query}`, more);
  return {
    clock,
    lines,
    url,
    tokens,
    tickets,
    watchers: createWatchers({ api, connections: watcherConnections, telemetry, now }),
    watcherConnections,
    /** `open` or why not. */
    async tryConnect(query: string, more?: ClientOptions): Promise<string> {
      const socket = connect(query, more);
      try {
        await once(socket, 'open');
        return 'open';
      } catch (error) {
        return String(error);
      } finally {
        socket.terminate();
      }
    },
    /** A browser that listens, with what it hears. */
    async listen(grant: StreamGrant, more?: ClientOptions) {
      const { ticket } = await tickets.issueTicket(grant);
      const socket = connect(`?ticket=${ticket}`, more);
      const heard: unknown[] = [];
      const closed = once(socket, 'close').then(([code]) => code as number);
      socket.on('message', (data: Buffer) => void heard.push(JSON.parse(data.toString('utf8'))));
      socket.on('error', () => undefined);
      await once(socket, 'open');
      return { socket, heard, closed };
    },
    async rows(townId: string): Promise<string[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `CONN#${townId}` },
          ConsistentRead: true,
        }),
      );
      return Items.map(({ sk }) => String(sk));
    },
    async close() {
      front.close();
      server.close();
      server.closeAllConnections();
      await close();
    },
  };
}
