import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InvalidInput, NotFound, Unavailable } from '../../../core/errors.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { createHttpHandler, type RequestReport } from '../../../lambdas/http/handler.ts';
import { RetryLater } from '../../../lambdas/http/retry-later.ts';
import type { Route } from '../../../lambdas/http/route.ts';
import { eventOf, routeOf } from './events.ts';

const SECRET = 'sk-very-secret-000000';

function subject(handle: Route['handle']) {
  const lines: string[] = [];
  const reports: RequestReport[] = [];
  const telemetry = createJsonTelemetry({ service: 'api', write: (line) => void lines.push(line) });
  const route = routeOf({ path: '/v1/towns/{townId}/beads/{beadId}', operationId: 'changeBead', handle });
  const handler = createHttpHandler([route], telemetry, { onRequest: (report) => void reports.push(report) });
  return { handler, lines, reports, route, telemetry };
}

describe('the handler around the routes', () => {
  const errors: [thrown: unknown, status: number, code: string, retryAfter: string | undefined][] = [
    [new InvalidInput('no', [{ path: 'a', message: 'b' }]), 400, 'invalid_input', undefined],
    [new NotFound('no'), 404, 'not_found', undefined],
    [new RetryLater('wait', 3), 409, 'conflict', '3'],
    [new Unavailable('busy'), 503, 'unavailable', '1'],
    [new Error(SECRET), 500, 'internal', undefined],
    ['not even an error', 500, 'internal', undefined],
  ];
  for (const [thrown, status, code, retryAfter] of errors) {
    it(`${String(thrown).slice(0, 30)} → ${status} ${code}`, async () => {
      const { handler, route } = subject(() => Promise.reject(thrown));
      const { statusCode, headers, body } = await handler(eventOf(route));
      expect(statusCode).toBe(status);
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json',
        'x-request-id': 'request-1',
      });
      expect(headers?.['retry-after']).toBe(retryAfter);
      expect(JSON.parse(body ?? '')).toMatchObject({ status, code, requestId: 'request-1' });
      expect(body).not.toContain(SECRET);
    });
  }

  it('a route that is not in the table is 404, and no operation is counted for it', async () => {
    const { handler, route, reports } = subject(() => Promise.resolve({ status: 200, body: {} }));
    expect((await handler({ ...eventOf(route), routeKey: '$default' })).statusCode).toBe(404);
    expect(reports).toMatchObject([{ status: 404, fields: { routeKey: '$default' } }]);
    expect(reports[0]?.fields).not.toHaveProperty('operationId');
  });

  it('each line of a request says which it is and what it is about, also while others run', async () => {
    const { handler, lines, route, reports, telemetry } = subject(async ({ pathParameters }) => {
      await sleep(pathParameters?.['townId'] === 'town-1' ? 20 : 5);
      telemetry.log('info', 'in the middle');
      throw new Error('boom');
    });
    const request = (townId: string, requestId: string) =>
      handler(
        eventOf(route, {
          requestId,
          pathParameters: { townId, beadId: 'b', secret: SECRET, agentId: 'a'.repeat(500) },
          headers: { authorization: `Bearer ${SECRET}`, cookie: SECRET },
          body: JSON.stringify({ password: SECRET }),
          rawQueryString: `token=${SECRET}`,
        }),
      );
    await Promise.all([request('town-1', 'r-1'), request('town-2', 'r-2')]);
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const fieldsOf = (townId: string, requestId: string) => ({
      requestId,
      townId,
      beadId: 'b',
      operationId: 'changeBead',
      routeKey: 'PATCH /v1/towns/{townId}/beads/{beadId}',
    });
    expect(parsed.map(({ message }) => message)).toEqual([
      'in the middle',
      'request failed',
      'in the middle',
      'request failed',
    ]);
    for (const line of parsed.slice(0, 2)) expect(line).toMatchObject(fieldsOf('town-2', 'r-2'));
    for (const line of parsed.slice(2)) expect(line).toMatchObject(fieldsOf('town-1', 'r-1'));
    for (const line of parsed) expect(line).not.toHaveProperty('agentId');
    expect(lines.join('\n')).not.toContain(SECRET);
    expect(reports.map(({ status, fields }) => [status, fields.townId])).toEqual([
      [500, 'town-2'],
      [500, 'town-1'],
    ]);
    telemetry.log('info', 'outside');
    expect(lines.at(-1)).not.toContain('requestId');
  });
});

describe('a route that sends browsers on', () => {
  it('answers nothing but where to, and that nobody keeps it', async () => {
    const location = 'https://console.example/a?b=c';
    const { handler, route, reports } = subject(() =>
      Promise.resolve({ status: 302, body: undefined, location }),
    );
    expect(await handler(eventOf(route))).toEqual({
      statusCode: 302,
      headers: {
        location,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-request-id': 'request-1',
      },
      body: '',
    });
    expect(reports).toMatchObject([{ status: 302 }]);
  });
});
