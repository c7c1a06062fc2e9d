import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDatabase } from './database.ts';
import { Expiry } from './expiry.ts';
import { createHttpServer } from './http-server.ts';
import { WriteLock } from './lock.ts';
import { createService } from './service.ts';
import { TransactionTokens } from './transaction-tokens.ts';

/** How often expired items are looked for, in milliseconds. AWS promises days; nothing may rely on either. */
const DEFAULT_TTL_SWEEP_INTERVAL_MS = 60_000;
/** What a request that is under way at `close` is given, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

export interface EmbeddedDynamoDbOptions {
  /** Directory of the data; made if it is not there. @default in memory */
  readonly path?: string | undefined;
  /** @default 0, a free port */
  readonly port?: number | undefined;
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** Time between two looks for expired items, in milliseconds. @default 60000 */
  readonly ttlSweepIntervalMs?: number | undefined;
}

export interface EmbeddedDynamoDb {
  readonly endpoint: string;
  /** Finishes what is under way, and lets go of the port and the data directory. */
  close(): Promise<void>;
}

/**
 * Starts a DynamoDB server in this process. A transaction is on disk whole or not at all, however the process ends.
 * Throws DataDirectoryInUse when another process has the directory open, and Node's error when the port is taken.
 */
export async function startEmbeddedDynamoDb(
  options: EmbeddedDynamoDbOptions = {},
): Promise<EmbeddedDynamoDb> {
  const { path, port = 0, host = '127.0.0.1', ttlSweepIntervalMs = DEFAULT_TTL_SWEEP_INTERVAL_MS } = options;
  const database = await openDatabase(path);
  const lock = new WriteLock();
  try {
    const tokens = await TransactionTokens.load(database);
    const expiry = new Expiry(database, lock, tokens);
    const server = createHttpServer(createService(database, lock, tokens), host);
    const endpoint = await listen(server, port, host);
    expiry.start(ttlSweepIntervalMs);
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      await Promise.all([expiry.stop(), stopServer(server)]);
      await lock.run(() => database.level.close());
    };
    return { endpoint, close: () => (closing ??= close()) };
  } catch (error) {
    await database.level.close();
    throw error;
  }
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  // A TCP server's address is an AddressInfo.
  const { address, port: boundPort, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${boundPort}`;
}

async function stopServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(impatience);
}
