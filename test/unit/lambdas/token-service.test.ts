import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenServiceClient } from '../../../lambdas/adapters/token-service/client.ts';
import { invokeTokenService } from '../../../lambdas/adapters/token-service/lambda.ts';
import type { GitHubApp } from '../../../core/ports.ts';

interface Reply {
  readonly status?: number;
  readonly failure?: string;
  readonly payload: string;
}

/** The app over a Lambda that answers so, and what it was sent. */
async function appOver({ status = 200, failure, payload }: Reply) {
  const received: { path: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ path: request.url, body });
      response.writeHead(status, failure === undefined ? {} : { 'x-amz-function-error': failure });
      response.end(payload);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const client = new LambdaClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const app: GitHubApp = createTokenServiceClient(invokeTokenService(client, 'the-service'));
  return { app, received };
}

const WANTED = { townId: 't', integrationId: 'github-9', repository: { owner: 'acme', name: 'app' } };

test('a request is an invocation of that one function', async () => {
  const { app, received } = await appOver({
    payload: JSON.stringify({ ok: true, value: { token: 'ghs_1', expiresAt: 7 } }),
  });
  expect(await app.token({ ...WANTED })).toEqual({ token: 'ghs_1', expiresAt: 7 });
  expect(received).toEqual([
    {
      path: '/2015-03-31/functions/the-service/invocations',
      body: JSON.stringify({ op: 'token', ...WANTED }),
    },
  ]);
});

test('a failure of GitHub is the same one on this side', async () => {
  const failure = { ok: false, kind: 'rate_limited', message: 'later', until: 7 };
  const { app } = await appOver({ payload: JSON.stringify(failure) });
  await expect(app.token(WANTED)).rejects.toMatchObject({
    kind: 'rate_limited',
    userMessage: 'later',
    until: 7,
  });
});

test.each<Reply & { reason: string }>([
  { reason: 'the function fails', failure: 'Unhandled', payload: '{"errorMessage":"SECRET-TEXT"}' },
  { reason: 'Lambda refuses', status: 429, payload: '{"message":"SECRET-TEXT"}' },
  { reason: 'the answer is none', payload: 'SECRET-TEXT' },
  { reason: 'the answer is something else', payload: '{"ok":true,"value":{"token":"SECRET-TEXT"}}' },
])('it is asked again when $reason, and what came is not repeated', async (reply) => {
  const { app } = await appOver(reply);
  const error: unknown = await app.token(WANTED).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: 'http_error' });
  expect(String(error)).not.toContain('SECRET-TEXT');
});
