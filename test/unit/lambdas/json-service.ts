import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an operation answers: a result, or an error by its AWS name. */
export type Reply = { readonly ok: object } | { readonly error: string; readonly more?: object };

export interface JsonService {
  readonly endpoint: string;
  /** Every request so far, as it came. */
  readonly requests: { readonly operation: string; readonly raw: string }[];
  close(): Promise<void>;
}

/** An AWS service that speaks JSON 1.1; `handle` is its program. */
export async function startJsonService(
  handle: (operation: string, input: Record<string, unknown>) => Reply,
): Promise<JsonService> {
  const requests: { operation: string; raw: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      requests.push({ operation, raw });
      const reply = handle(operation, JSON.parse(raw) as Record<string, unknown>);
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      if ('ok' in reply) response.writeHead(200).end(JSON.stringify(reply.ok));
      else
        response
          .writeHead(400)
          .end(JSON.stringify({ __type: reply.error, message: reply.error, ...reply.more }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export const clientOptions = ({ endpoint }: JsonService) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});
