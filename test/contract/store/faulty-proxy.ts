import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a call instead of being passed on. */
export type Fault =
  /** The service answers with an error; nothing was done. */
  | { readonly kind: 'error'; readonly type: string; readonly status?: number; readonly more?: object }
  /** The service does it, but the answer never arrives. */
  | { readonly kind: 'lost answer' };

export interface FaultyProxy {
  readonly endpoint: string;
  /** The next `times` calls of `operation` (`UpdateItem`) fail so. */
  fail(operation: string, fault: Fault, times: number): void;
  /** Calls of an operation so far, failed ones too. */
  calls(operation: string): number;
  close(): Promise<void>;
}

/** Between a client and a DynamoDB endpoint; a network and a service on a bad day. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const faults = new Map<string, { fault: Fault; times: number }>();
  const calls = new Map<string, number>();
  const handle = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array));
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const due = faults.get(operation);
    const fault = due !== undefined && due.times > 0 ? due.fault : undefined;
    if (due !== undefined) due.times -= 1;
    if (fault?.kind === 'error') {
      const { type, status = 400, more } = fault;
      answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      answer.end(
        JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type, ...more }),
      );
      return;
    }
    const passed = request(target, { method: 'POST', headers: incoming.headers });
    passed.end(Buffer.concat(chunks));
    const [response] = (await once(passed, 'response')) as [IncomingMessage];
    const body: Buffer[] = [];
    for await (const chunk of response) body.push(Buffer.from(chunk as Uint8Array));
    if (fault !== undefined) {
      incoming.socket.destroy();
      return;
    }
    answer.writeHead(response.statusCode ?? 500, response.headers).end(Buffer.concat(body));
  };
  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => answer.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    fail: (operation, fault, times) => void faults.set(operation, { fault, times }),
    calls: (operation) => calls.get(operation) ?? 0,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
