import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly event: string;
  readonly delivery: string;
  readonly signature: string;
  readonly body: string;
  readonly payload: Record<string, unknown>;
}

export interface HookReceiver {
  readonly url: string;
  readonly received: Received[];
  /** `pull_request opened`, `push` … in the order in which they came. */
  names(): string[];
  /** Answers with it from now on. */
  answerWith(status: number): void;
}

/** An endpoint for webhooks that keeps what comes. */
export async function hookReceiver(): Promise<HookReceiver> {
  const received: Received[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const header = (name: string): string => String(request.headers[name] ?? '');
      received.push({
        event: header('x-github-event'),
        delivery: header('x-github-delivery'),
        signature: header('x-hub-signature-256'),
        body,
        payload: JSON.parse(body) as Record<string, unknown>,
      });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    names: () =>
      received.map(({ event, payload: { action } }) =>
        typeof action === 'string' ? `${event} ${action}` : event,
      ),
    answerWith(next) {
      status = next;
    },
  };
}
