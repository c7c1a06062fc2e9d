import { expect, test } from 'vitest';
import { measureColdStarts } from '../../bench/cold-start.ts';

/** Figure G7, with room for a busy machine: `npm run bench:cold-start` measures it properly. */
test('the reconciler is small, and starts in clearly less time than everything in one bundle', async () => {
  const measured = await measureColdStarts(5);
  const reconciler = measured.find(({ name }) => name === 'reconciler');
  expect(measured).toHaveLength(11);
  expect(reconciler?.gzipBytes).toBeLessThan(145 * 1024);
  expect(reconciler?.importRatio).toBeLessThan(0.75);
}, 60_000);
