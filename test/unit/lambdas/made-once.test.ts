import { expect, test } from 'vitest';
import { madeOnce } from '../../../lambdas/made-once.ts';

test('is made at the first use, once for all that come meanwhile, and again after a failure', async () => {
  let made = 0;
  const value = madeOnce(async () => {
    made += 1;
    if (made === 1) throw new Error('not yet');
    return made;
  });
  expect(made).toBe(0);
  await expect(value()).rejects.toThrow('not yet');
  expect(await Promise.all([value(), value()])).toEqual([2, 2]);
  expect(await value()).toBe(2);
});
