import { describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { InvalidInput, TownError } from '../../../core/errors.ts';
import { createIds } from '../../../core/ids.ts';
import { defineInternalRoute, defineRoute } from '../../../lambdas/http/define-route.ts';
import type { HttpEvent, RouteContext } from '../../../lambdas/http/route.ts';

const AT = Date.UTC(2026, 0, 5);
const context = (): RouteContext => ({ ids: createIds('seed of the request', AT), at: AT });

const route = defineRoute({
  operationId: 'makePart',
  method: 'POST',
  path: '/v1/things/{thingId}/parts',
  auth: 'user',
  tag: 'things',
  summary: 'Make a part',
  isCreation: true,
  query: z.strictObject({ kind: z.enum(['big', 'small']).default('big') }),
  body: z.strictObject({ name: z.string().max(5), sizes: z.array(z.number()).default([]) }),
  bodyExample: { name: 'part' },
  answer: { status: 201, schema: z.unknown(), example: {} },
  run: async ({ params, query, body, ids, at }) => ({ ...params, ...query, ...body, id: ids.next(), at }),
});

interface Asked {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}
/** Only what routes read. */
const eventOf = ({ params = { thingId: 'a' }, query, body, isBase64Encoded = false }: Asked): HttpEvent =>
  ({ pathParameters: params, queryStringParameters: query, body, isBase64Encoded }) as unknown as HttpEvent;

const named = '{"name":"bolt"}';
const made = { thingId: 'a', kind: 'big', name: 'bolt', sizes: [] };
const base64 = (bytes: Uint8Array | string): Asked => ({
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
});

const taken: readonly { what: string; asked: Asked; gives: object }[] = [
  { what: 'defaults stand for what is not said', asked: { body: named }, gives: made },
  {
    what: 'a parameter of the query',
    asked: { body: named, query: { kind: 'small' } },
    gives: { ...made, kind: 'small' },
  },
  { what: 'a body in base64', asked: base64(named), gives: made },
  {
    what: 'the longest id',
    asked: { params: { thingId: 'x'.repeat(128) }, body: named },
    gives: { name: 'bolt' },
  },
];

describe('a route takes', () => {
  test.each(taken)('$what', async ({ asked, gives }) => {
    const answer = await route.handle(eventOf(asked), context());
    expect(answer).toMatchObject({ status: 201, body: { ...gives, at: AT } });
  });

  it('ids and times from its context: the same ones again for the same creation', async () => {
    const [first, second] = [
      await route.handle(eventOf({ body: named }), context()),
      await route.handle(eventOf({ body: named }), context()),
    ];
    expect(second).toEqual(first);
    expect(first.body).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });
});

const refused: readonly { what: string; asked: Asked; code: string; at?: string }[] = [
  {
    what: 'an unknown parameter',
    asked: { body: named, query: { knd: 'big' } },
    code: 'invalid_input',
    at: 'knd',
  },
  {
    what: 'a wrong value',
    asked: { body: named, query: { kind: 'huge' } },
    code: 'invalid_input',
    at: 'kind',
  },
  {
    what: 'a parameter given twice',
    asked: { body: named, query: { kind: 'big,small' } },
    code: 'invalid_input',
    at: 'kind',
  },
  {
    what: 'an empty parameter',
    asked: { body: named, query: { kind: '' } },
    code: 'invalid_input',
    at: 'kind',
  },
  { what: 'an unknown field', asked: { body: '{"name":"a","nme":1}' }, code: 'invalid_input', at: 'nme' },
  { what: 'a wrong field', asked: { body: '{"name":7}' }, code: 'invalid_input', at: 'name' },
  {
    what: 'one inside of a list',
    asked: { body: '{"name":"a","sizes":[1,"2"]}' },
    code: 'invalid_input',
    at: 'sizes.1',
  },
  { what: 'no body where a field is needed', asked: {}, code: 'invalid_input', at: 'name' },
  { what: 'what is not JSON', asked: { body: '{' }, code: 'invalid_input' },
  { what: 'bytes that are no text', asked: base64(Uint8Array.of(0xff, 0xfe)), code: 'invalid_input' },
  { what: 'more than 256 KiB', asked: { body: ' '.repeat(256 * 1024 + 1) }, code: 'too_large' },
  {
    what: 'an id that none can be',
    asked: { params: { thingId: 'x'.repeat(129) }, body: named },
    code: 'not_found',
  },
  { what: 'an empty id', asked: { params: { thingId: '' }, body: named }, code: 'not_found' },
  { what: 'no id at all', asked: { params: {}, body: named }, code: 'not_found' },
];

describe('a route refuses', () => {
  test.each(refused)('$what', async ({ asked, code, at }) => {
    const error: unknown = await route.handle(eventOf(asked), context()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TownError);
    expect((error as TownError).code).toBe(code);
    const issues = error instanceof InvalidInput ? error.issues : [];
    expect(issues.map(({ path }) => path)).toEqual(at === undefined ? [] : [at]);
  });
});

describe('a route without a query', () => {
  const plain = defineInternalRoute({
    operationId: 'getThing',
    method: 'GET',
    path: '/v1/things/{thingId}',
    auth: 'container',
    run: async ({ params }) => ({ status: 200, body: params.thingId }),
  });

  it('refuses every parameter, and looks at no body', async () => {
    expect(await plain.handle(eventOf({ body: 'anything' }), context())).toEqual({ status: 200, body: 'a' });
    await expect(plain.handle(eventOf({ query: { any: '1' } }), context())).rejects.toThrow(InvalidInput);
  });

  it('is in no document and no creation', () => {
    expect(plain).toMatchObject({ isCreation: false });
    expect(plain).not.toHaveProperty('spec');
  });
});
