import { expect, test } from 'vitest';
import * as z from 'zod';
import { createIds } from '../../../core/ids.ts';
import { defineRedirect } from '../../../lambdas/http/define-redirect.ts';
import type { HttpEvent } from '../../../lambdas/http/route.ts';
import { documentOf } from './routes.ts';

const route = defineRedirect({
  operationId: 'comeBack',
  path: '/v1/back',
  tag: 'meta',
  summary: 'Come back',
  query: z.strictObject({
    code: z.string().min(1).max(5).optional(),
    number: z.string().regex(/^\d+$/).transform(Number).optional(),
  }),
  example: 'https://console.example/',
  run: async ({ query }) => `https://console.example/?${JSON.stringify(query)}`,
});
const context = { ids: createIds('seed of the request', 0), at: 0 };

test.each([
  ['no query', undefined, {}],
  ['what fits', { code: 'abc', number: '7' }, { code: 'abc', number: 7 }],
  ['one that is too long', { code: 'abcdef', number: '7' }, { number: 7 }],
  ['one that is empty', { code: '', number: '7' }, { number: 7 }],
  ['one given twice', { code: 'a', number: '7,7' }, { code: 'a' }],
  ['one that nobody knows', { code: 'a', more: '1', constructor: '1' }, { code: 'a' }],
])('a redirect goes on with what fits: %s', async (_, queryStringParameters, query) => {
  // Only what redirects read.
  const event = { queryStringParameters } as unknown as HttpEvent;
  expect(await route.handle(event, context)).toEqual({
    status: 302,
    body: undefined,
    location: `https://console.example/?${JSON.stringify(query)}`,
  });
});

test('the document says where it leads, and that it refuses nothing', () => {
  const { get } = documentOf([route]).paths?.['/v1/back'] ?? {};
  expect(get?.security).toEqual([]);
  expect(Object.keys(get?.responses ?? {})).toEqual(['302', '429', '500', '503']);
  expect(get?.responses?.['302']).toMatchObject({
    headers: { location: { schema: { type: 'string', example: 'https://console.example/' } } },
  });
  expect(get?.responses?.['302']).not.toHaveProperty('content');
});
