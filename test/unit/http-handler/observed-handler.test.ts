import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttpHandler } from '../../../lambdas/http/handler.ts';
import { createObservability } from '../../../lambdas/http/observed-handler.ts';
import { eventOf, routeOf } from './events.ts';

const SECRET = 'token-000000000000';
const context = { functionName: 'api', awsRequestId: 'lambda-1' } as Context;

describe('the observed handler', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('logs and counts each request by its operation, and says nothing of what was sent or answered', async () => {
    const written: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        written.push(String(text));
        return true;
      });
    }
    vi.stubEnv('POWERTOOLS_LOGGER_LOG_EVENT', 'true');
    const { telemetry, onRequest, observe } = createObservability('api');
    const route = routeOf({
      path: '/v1/towns/{townId}',
      operationId: 'getTown',
      async handle({ pathParameters }) {
        telemetry.log('warn', 'looked', { attempt: 2 });
        telemetry.count('wakeUps', 3);
        if (pathParameters?.['townId'] === 'bad') throw new Error('boom');
        return Promise.resolve({ status: 200, body: { token: SECRET } });
      },
    });
    const handler = observe(createHttpHandler([route], telemetry, { onRequest }));
    const call = (townId: string) =>
      handler(
        eventOf(route, { pathParameters: { townId }, headers: { authorization: `Bearer ${SECRET}` } }),
        context,
      );
    expect(await call('good')).toMatchObject({ statusCode: 200 });
    expect(await call('bad')).toMatchObject({ statusCode: 500 });

    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    const lines = written.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    expect(lines.join('\n')).not.toContain(SECRET);
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const named = { operationId: 'getTown', requestId: 'request-1' };
    expect(records.filter(({ level }) => level === 'WARN')).toMatchObject([
      { message: 'looked', attempt: 2, townId: 'good', function_request_id: 'lambda-1', ...named },
      { message: 'looked', townId: 'bad', ...named },
    ]);
    expect(records.filter(({ level }) => level === 'ERROR')).toMatchObject([
      { message: 'request failed', townId: 'bad', ...named },
    ]);
    const counted = records.filter((record) => 'requests' in record);
    expect(counted).toMatchObject([
      { operation: 'getTown', statusClass: '2xx', requests: 1, townId: 'good' },
      { operation: 'getTown', statusClass: '5xx', requests: 1, townId: 'bad' },
    ]);
    expect(counted[0]).toHaveProperty('requestDuration');
    expect(records.filter((record) => 'wakeUps' in record)).toMatchObject([{ wakeUps: 3 }, { wakeUps: 3 }]);
  });
});
