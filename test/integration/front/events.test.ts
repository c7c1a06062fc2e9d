import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routeOf } from '../../unit/http-handler/events.ts';
import { startFront, type Sent } from './front.ts';

const never = () => Promise.reject(new Error('the front calls functions, not routes'));
const routes = [
  routeOf({ method: 'GET', path: '/v1/things', auth: 'none', handle: never }),
  routeOf({ method: 'POST', path: '/v1/things', auth: 'none', handle: never }),
  routeOf({ method: 'GET', path: '/v1/things/{thingId}', auth: 'none', handle: never }),
  routeOf({ method: 'GET', path: '/v1/things/mine', auth: 'none', handle: never }),
  routeOf({ method: 'PATCH', path: '/v1/things/{thingId}/parts/{partId}', auth: 'none', handle: never }),
];

const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const post = (type: string | undefined, body: string | Buffer): Sent => ({
  method: 'POST',
  path: '/v1/things',
  body,
  ...(type === undefined ? {} : { headers: [['Content-Type', type]] }),
});
const inBase64 = (body: string | Buffer) => ({
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
});

/** Shapes: "Payload format version" of AWS's developer guide for HTTP APIs, 2.0. */
const ROWS: [what: string, sent: Sent, event: object, absent?: readonly string[]][] = [
  [
    'a plain request has none of what it does not need',
    { path: '/v1/things' },
    {
      version: '2.0',
      routeKey: 'GET /v1/things',
      rawPath: '/v1/things',
      rawQueryString: '',
      isBase64Encoded: false,
    },
    ['body', 'cookies', 'queryStringParameters', 'pathParameters', 'stageVariables'],
  ],
  [
    'header names are lower case, those that come again are joined by commas',
    {
      path: '/v1/things',
      headers: [
        ['X-One', 'a'],
        ['x-one', 'b'],
        ['X-ONE', 'c,d'],
        ['User-Agent', 'one'],
        ['User-Agent', 'two'],
      ],
    },
    { headers: { 'x-one': 'a,b,c,d', 'user-agent': 'one,two', host: 'api.example:8080' } },
  ],
  [
    'what the gateway says of the client',
    { path: '/v1/things' },
    {
      headers: {
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': expect.stringMatching(/^\d+$/),
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      },
    },
  ],
  [
    'cookies are a list of their own and no header',
    {
      path: '/v1/things',
      headers: [
        ['Cookie', 'a=1; b=2'],
        ['Cookie', 'c=3,4'],
      ],
    },
    { cookies: ['a=1', 'b=2', 'c=3,4'] },
  ],
  [
    'parameters that come again are joined by commas and decoded; the raw query is as it was sent',
    { path: '/v1/things?a=1&a=2&b=x%20y&c=p+q&d=&e&%66=7&a=%2C' },
    {
      rawQueryString: 'a=1&a=2&b=x%20y&c=p+q&d=&e&%66=7&a=%2C',
      queryStringParameters: { a: '1,2,,', b: 'x y', c: 'p q', d: '', e: '', f: '7' },
    },
  ],
  [
    'an empty query is none',
    { path: '/v1/things?' },
    { rawQueryString: '', rawPath: '/v1/things' },
    ['queryStringParameters'],
  ],
  [
    'path parameters are whole segments, decoded, and so is the path',
    { method: 'PATCH', path: '/v1/things/a%2Fb/parts/%E6%9D%B1' },
    {
      routeKey: 'PATCH /v1/things/{thingId}/parts/{partId}',
      rawPath: '/v1/things/a/b/parts/東',
      pathParameters: { thingId: 'a/b', partId: '東' },
    },
  ],
  [
    'a bad escape stays as it is',
    { path: '/v1/things/%E6%9D' },
    { pathParameters: { thingId: '%E6%9D' }, rawPath: '/v1/things/%E6%9D' },
  ],
  [
    'the route without a parameter goes first',
    { path: '/v1/things/mine' },
    { routeKey: 'GET /v1/things/mine' },
    ['pathParameters'],
  ],
  ['JSON is text', post('application/json', '{"ü":1}'), { body: '{"ü":1}', isBase64Encoded: false }],
  [
    'also with a character set, in any case',
    post('Application/JSON; charset=utf-8', '{}'),
    { body: '{}', isBase64Encoded: false },
  ],
  ['text is text', post('text/csv', 'a,b'), { body: 'a,b', isBase64Encoded: false }],
  ['XML too', post('application/xml', '<a/>'), { body: '<a/>', isBase64Encoded: false }],
  ['without a type it is in base64', post(undefined, '{}'), inBase64('{}')],
  ['a form, as curl sends it', post('application/x-www-form-urlencoded', '{"a":1}'), inBase64('{"a":1}')],
  ['a patch of its own type', post('application/merge-patch+json', '{}'), inBase64('{}')],
  ['bytes', post('application/octet-stream', Buffer.from([0, 255, 1])), inBase64(Buffer.from([0, 255, 1]))],
  ['no body is not in base64', { method: 'POST', path: '/v1/things' }, { isBase64Encoded: false }, ['body']],
];

describe('requests become the events of API Gateway', () => {
  let front: Awaited<ReturnType<typeof startFront>>;
  beforeAll(async () => {
    front = await startFront(routes);
  });
  afterAll(() => front.close());
  beforeEach(() => void front.events.splice(0));

  for (const [what, sent, event, absent = []] of ROWS) {
    it(`${sent.method ?? 'GET'} ${sent.path}: ${what}`, async () => {
      expect((await front.send(sent)).status).toBe(200);
      expect(front.events).toMatchObject([event]);
      for (const name of absent) expect(front.events[0]).not.toHaveProperty(name);
      expect(front.events[0]?.headers).not.toHaveProperty('cookie');
    });
  }

  it('the context of a request', async () => {
    const { headers } = await front.send({ path: '/v1/things/a', headers: [['User-Agent', 'test/1']] });
    expect(front.events[0]?.requestContext).toEqual({
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'api.example',
      domainPrefix: 'local',
      http: {
        method: 'GET',
        path: '/v1/things/a',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test/1',
      },
      requestId: headers['x-request-id'],
      routeKey: 'GET /v1/things/{thingId}',
      stage: '$default',
      time: expect.stringMatching(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/),
      timeEpoch: expect.any(Number),
    });
  });

  const refused: [what: string, sent: Sent, status: number][] = [
    ['a method that the path does not have', { method: 'DELETE', path: '/v1/things' }, 404],
    ['HEAD, which is a method of its own', { method: 'HEAD', path: '/v1/things' }, 404],
    ['OPTIONS, where no page may call', { method: 'OPTIONS', path: '/v1/things' }, 404],
    ['another path', { path: '/v2/things' }, 404],
    ['a path that goes on', { path: '/v1/things/a/b' }, 404],
    ['a slash at the end', { path: '/v1/things/' }, 404],
    ['another case', { path: '/V1/things' }, 404],
    ['over 10 MB', post('text/plain', Buffer.alloc(10 * 1024 * 1024 + 1, 'a')), 413],
    ['headers over 10 KB', { path: '/v1/things', headers: [['X-Large', 'a'.repeat(11_000)]] }, 431],
  ];
  for (const [what, sent, status] of refused) {
    it(`${what} → ${status}, and no function is called`, async () => {
      const answer = await front.send(sent);
      expect(answer.status).toBe(status);
      expect(front.events).toEqual([]);
    });
  }

  it('a refusal is a problem document with a request id', async () => {
    const { headers, text } = await front.send({ path: '/v2/things' });
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({
      status: 404,
      code: 'not_found',
      requestId: headers['x-request-id'],
    });
  });

  it('10 MB are taken', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024, 'a');
    expect(
      (await front.send({ method: 'POST', path: '/v1/things', headers: [JSON_TYPE], body })).status,
    ).toBe(200);
    expect(front.events[0]?.body?.length).toBe(body.length);
  });
});
