import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineInternalRoute, defineRoute } from '../../../lambdas/http/define-route.ts';
import { faultsOf } from './examples.ts';
import { table } from './routes.ts';

test('every route of the API has a summary, and examples that it takes and gives', () => {
  expect(table.length).toBeGreaterThan(15);
  expect(table.flatMap(faultsOf)).toEqual([]);
});

const fields = {
  operationId: 'doIt',
  method: 'POST',
  path: '/v1/it',
  auth: 'user',
  tag: 'it',
  summary: 'Do it',
  body: z.strictObject({ count: z.number() }),
  bodyExample: { count: 1 } as unknown,
  answer: { status: 200, schema: z.strictObject({ done: z.boolean() }), example: { done: true } as unknown },
  run: async () => ({ done: true }),
} as const;
const { answer } = fields;

const rows = [
  { what: 'a whole route', route: defineRoute(fields), said: undefined },
  {
    what: 'no example of the body',
    route: defineRoute({ ...fields, bodyExample: undefined }),
    said: 'lacks an example of its body',
  },
  {
    what: 'an example with a field too many',
    route: defineRoute({ ...fields, bodyExample: { count: 1, more: 2 } }),
    said: 'has a body example that it refuses',
  },
  {
    what: 'no example of the answer',
    route: defineRoute({ ...fields, answer: { ...answer, example: undefined } }),
    said: 'lacks an example of its answer',
  },
  {
    what: 'an answer that the route never gives',
    route: defineRoute({ ...fields, answer: { ...answer, example: { done: 'yes' } } }),
    said: 'has an answer example that is none',
  },
  { what: 'no summary', route: defineRoute({ ...fields, summary: ' ' }), said: 'has no summary' },
  {
    what: 'a route that is in no document',
    route: defineInternalRoute({ ...fields, run: async () => ({ status: 200, body: {} }) }),
    said: 'is not in the document',
  },
];

test.each(rows)('the check sees: $what', ({ route, said }) => {
  const found = faultsOf(route);
  expect(found.length).toBe(said === undefined ? 0 : 1);
  expect(found.join()).toContain(said ?? '');
});
