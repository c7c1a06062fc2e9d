import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../lambdas/http/route.ts';
import { CANARIES } from '../settings/canaries.ts';
import { keyOf, problemOf, startApi, type Api } from './api.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';
import { exampleBody, fill } from './requests.ts';

const KIB = 1024;
const json = (over: string) => `{"title":"a","name":"a"${over}}`;

interface Row {
  readonly what: string;
  readonly body: string | Uint8Array;
  readonly status: 400 | 413;
  /** JSON, when it is absent. */
  readonly contentType?: string;
}

const ROWS: readonly Row[] = [
  { what: 'cut off', body: json('').slice(0, -1), status: 400 },
  { what: 'cut off in a text', body: '{"title":"a', status: 400 },
  { what: 'with a byte order mark', body: `\ufeff${json('')}`, status: 400 },
  { what: 'with something behind it', body: `${json('')} x`, status: 400 },
  { what: 'two bodies', body: `${json('')}${json('')}`, status: 400 },
  { what: 'with a comma too many', body: '{"title":"a",}', status: 400 },
  { what: 'with single quotes', body: "{'title':'a'}", status: 400 },
  { what: 'with a comment', body: `${json('')} // a`, status: 400 },
  { what: 'with NaN', body: '{"title":NaN}', status: 400 },
  { what: 'with a bare line break in a text', body: '{"title":"a\nb"}', status: 400 },
  { what: 'no JSON', body: 'title=a', status: 400 },
  { what: 'a form', body: 'title=a', status: 400, contentType: 'application/x-www-form-urlencoded' },
  { what: 'zeros', body: '\0\0\0', status: 400 },
  { what: 'not UTF-8', body: Uint8Array.of(0x7b, 0xff, 0x7d), status: 400 },
  {
    what: 'not UTF-8, in a text of untyped bytes',
    body: Buffer.concat([Buffer.from('{"title":"'), Uint8Array.of(0xff), Buffer.from('"}')]),
    status: 400,
    contentType: 'application/octet-stream',
  },
  { what: 'UTF-16', body: Buffer.from(json(''), 'utf16le'), status: 400 },
  { what: 'a null', body: 'null', status: 400 },
  { what: 'a list', body: '[{}]', status: 400 },
  { what: 'a text', body: '"title"', status: 400 },
  { what: 'a number', body: '1', status: 400 },
  { what: 'very deep', body: '['.repeat(100 * KIB), status: 400 },
  { what: 'very deep and closed', body: '['.repeat(100 * KIB) + ']'.repeat(100 * KIB), status: 400 },
  {
    what: 'very deep objects',
    body: json(`,"b":${'{"a":'.repeat(30 * KIB)}1${'}'.repeat(30 * KIB)}`),
    status: 400,
  },
  { what: 'with many unknown fields', body: json(many((index) => `,"k${index}":0`)), status: 400 },
  {
    what: 'with a list of 100,000 wrong things',
    body: json(`,"labels":[0${',0'.repeat(100_000)}]`),
    status: 400,
  },
  { what: 'of 300 KiB', body: json(`,"body":"${'x'.repeat(300 * KIB)}"`), status: 413 },
  { what: 'of 300 KiB of spaces', body: ' '.repeat(300 * KIB), status: 413 },
  {
    what: 'of 300 KiB, untyped',
    body: 'x'.repeat(300 * KIB),
    status: 413,
    contentType: 'application/octet-stream',
  },
];
function many(one: (index: number) => string): string {
  return Array.from({ length: 20_000 }, (_, index) => one(index)).join('');
}

/** What a function can answer with. Source: quotas of Lambda, synchronous payload. */
const LARGEST_ANSWER_BYTES = 6 * KIB * KIB;

describe('bodies that are none', () => {
  let api: Api;
  let town: PopulatedTown;
  beforeAll(async () => {
    api = await startApi();
    town = await populatedTown(api, 'owner');
  });
  afterAll(() => api.close());

  const withBody = (): Route[] => api.routes.filter(({ spec }) => spec?.body !== undefined);
  const post = (route: Route, body: Row['body'], contentType = 'application/json', token = town.token) =>
    api.send({
      method: route.method,
      path: fill(route.path, town.ids),
      token,
      body,
      headers: [['content-type', contentType]],
    });

  it('are refused on every route, in words that fit into an answer, and write nothing', async () => {
    const before = await api.stored();
    for (const route of withBody()) {
      for (const { what, body, status, contentType } of ROWS) {
        const answer = await post(route, body, contentType);
        const said = `${keyOf(route)} ${what}`;
        expect(`${said}: ${answer.status} ${problemOf(answer).code}`).toBe(
          `${said}: ${status} ${status === 400 ? 'invalid_input' : 'too_large'}`,
        );
        expect(answer.text.length, `${said}: too long`).toBeLessThan(LARGEST_ANSWER_BYTES / 10);
      }
    }
    expect(await api.stored()).toEqual(before);
  }, 60_000);

  it('are not repeated: a body may hold a secret', async () => {
    for (const route of withBody()) {
      for (const body of [
        `{"githubToken":${CANARIES.githubToken}}`,
        CANARIES.githubToken,
        `{"gitUrl":"https://a:${CANARIES.githubToken}@example.com/a.git","name":1}`,
        `{"config":{"gitAuth":{"githubToken":["${CANARIES.githubToken}"]}},"title":1}`,
        `{"config":{"envVars":{"TOKEN":["${CANARIES.variable}"]}},"envVars":"${CANARIES.variable}"}`,
      ]) {
        // `send` searches every answer.
        const answer = await post(route, body);
        expect(`${keyOf(route)} ${body}: ${answer.status}`).toBe(`${keyOf(route)} ${body}: 400`);
      }
    }
  });

  it('an empty body is an empty object, and never more than that', async () => {
    const before = await api.stored();
    for (const route of withBody()) {
      if (route.spec?.body?.safeParse({}).success === true) continue;
      const answer = await post(route, '');
      expect(`${keyOf(route)} ${answer.status}`).toBe(`${keyOf(route)} 400`);
      expect(problemOf(answer).issues?.length).toBeGreaterThan(0);
    }
    expect(await api.stored()).toEqual(before);
  });

  it('of a member that stands twice the last one counts, and it is checked', async () => {
    const path = `${town.path}/beads`;
    const body = (titles: string) => `{"rigId":"${town.ids.rigId}","held":true,${titles}}`;
    const headers = [['content-type', 'application/json']] as const;
    const twice = { method: 'POST', path, token: town.token, headers };
    const made = await api.send({ ...twice, body: body('"title":1,"title":"second"') });
    expect(`${made.status} ${made.text}`).toMatch(/^201 .*"title":"second"/);
    expect((await api.send({ ...twice, body: body('"title":"first","title":2') })).status).toBe(400);
  });

  it('a request without a body takes one of 300 KiB no better', async () => {
    const before = await api.stored();
    for (const route of api.routes.filter(({ spec }) => spec?.body === undefined)) {
      const answer = await post(route, 'x'.repeat(300 * KIB));
      const said = `${keyOf(route)} ${problemOf(answer).code}`;
      expect([`${keyOf(route)} too_large`, `${keyOf(route)} invalid_input`]).toContain(said);
    }
    expect(await api.stored()).toEqual(before);
  });

  it('only who may call is told what is wrong with a body', async () => {
    const stranger = await api.token('stranger');
    for (const route of withBody()) {
      if (!route.path.includes('{townId}')) continue;
      const body = JSON.stringify(exampleBody(route, town.ids));
      const answer = await post(route, body, 'application/json', stranger);
      expect(`${keyOf(route)} ${answer.status}`).toBe(`${keyOf(route)} 404`);
    }
  });
});
