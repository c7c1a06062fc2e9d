import { expect, test } from 'vitest';
import { ModelOptionError } from '../../../local/model-options.ts';
import { numberOption, UsageError } from '../../../bin/read-options.ts';

const whole = { min: 0, max: 65_535, isWhole: true };
const seconds = { min: 1, max: 86_400 };

test.for([
  ['0', whole, 0],
  ['65535', whole, 65_535],
  ['0.5', { min: 0, max: 1 }, 0.5],
  ['600', seconds, 600],
] as const)('%s within %j is %d', ([text, limits, number]) => {
  expect(numberOption('--n', text, limits)).toBe(number);
});

test.for([
  ['', whole],
  ['65536', whole],
  ['-1', whole],
  ['1.5', whole],
  ['0x10', whole],
  [' 1', whole],
  ['1e3', seconds],
  ['0.5', seconds],
  ['Infinity', seconds],
  ['NaN', seconds],
] as const)('%j within %j is refused', ([text, limits]) => {
  const read = (): unknown => numberOption('--n', text, limits);
  expect(read).toThrow(UsageError);
  expect(read).not.toThrow(ModelOptionError);
  expect(read).toThrow(`not "${text}"`);
});
