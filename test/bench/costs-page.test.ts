import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { costsPage, figuresSchema } from './costs-page.ts';
import { priceOf } from './pricing.ts';

const read = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');

test('docs/costs.md is what the recorded figures say; `npm run bench -- --write` writes both anew', async () => {
  const figures = figuresSchema.parse(JSON.parse(await read('figures.json')));
  expect(await read('../../docs/costs.md')).toBe(costsPage(figures));
  expect(JSON.stringify(costsPage(figures))).not.toContain('NaN');
});

test.each([
  ['a million reads', { readUnits: 1e6 }, 0.125],
  ['a million writes', { writeUnits: 1e6 }, 0.625],
  ['a GiB in the table for a month', { tableBytes: 1024 ** 3 }, 0.25],
  ['a GiB of files for a month', { s3Bytes: 1024 ** 3 }, 0.023],
  ['a million messages', { sqsRequests: 1e6 }, 0.5],
  ['a million runs of a function, a second each', { lambdaRequests: 1e6, lambdaSeconds: 1e6 }, 3.53335],
  ['a month of a container', { containerHours: 720 }, 67.104],
  ['nothing', {}, 0],
])('%s', (_, used, dollars) => expect(priceOf(used)).toBeCloseTo(dollars, 5));
