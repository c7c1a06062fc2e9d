import { afterAll, beforeAll, expect, it } from 'vitest';
import { routeOf } from '../../unit/http-handler/events.ts';
import { startFront } from './front.ts';

const CONSOLE = 'https://console.example';
const never = () => Promise.reject(new Error('the front calls functions, not routes'));
const route = routeOf({ method: 'GET', path: '/v1/things', auth: 'user', handle: never });

let front: Awaited<ReturnType<typeof startFront>>;
beforeAll(async () => {
  front = await startFront([route], [CONSOLE]);
});
afterAll(() => front.close());

const preflight = (origin: string, path = '/v1/things') =>
  front.send({
    method: 'OPTIONS',
    path,
    headers: [
      ['Origin', origin],
      ['Access-Control-Request-Method', 'GET'],
      ['Access-Control-Request-Headers', 'authorization'],
    ],
  });

it('a preflight of the console is answered without a token and without a function', async () => {
  const { status, headers } = await preflight(CONSOLE);
  expect(status).toBe(204);
  expect(headers).toMatchObject({
    'access-control-allow-origin': CONSOLE,
    'access-control-allow-methods': 'GET,POST,PATCH,DELETE',
    'access-control-allow-headers': 'authorization,content-type,idempotency-key',
    'access-control-max-age': '600',
  });
  expect(front.events).toEqual([]);
});

it('a preflight of any other page is told nothing', async () => {
  for (const origin of ['https://evil.example', 'null', `${CONSOLE}.evil.example`]) {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

it('answers, refusals too, can be read by the console and by no other page', async () => {
  const token = await front.keys.userToken('bob', 60);
  const rows: [
    origin: string,
    path: string,
    isSignedIn: boolean,
    status: number,
    allowed: string | undefined,
  ][] = [
    [CONSOLE, '/v1/things', true, 200, CONSOLE],
    [CONSOLE, '/v1/things', false, 401, CONSOLE],
    [CONSOLE, '/v1/nothing', true, 404, CONSOLE],
    ['https://evil.example', '/v1/things', true, 200, undefined],
  ];
  for (const [origin, path, isSignedIn, status, allowed] of rows) {
    const authorization = isSignedIn ? [['Authorization', `Bearer ${token}`] as const] : [];
    const answer = await front.send({ path, headers: [['Origin', origin], ...authorization] });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([status, allowed]);
    expect(answer.headers['access-control-expose-headers']).toBe(allowed && 'x-request-id,retry-after');
    expect(answer.headers['vary']).toBe(allowed && 'origin');
  }
});

it('OPTIONS that is no preflight is a method that the path does not have', async () => {
  const { status } = await front.send({
    method: 'OPTIONS',
    path: '/v1/things',
    headers: [['Origin', CONSOLE]],
  });
  expect(status).toBe(404);
});
