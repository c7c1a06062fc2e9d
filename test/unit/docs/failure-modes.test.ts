import { expect, test } from 'vitest';
import { FAULTS, FAULT_NAMES } from '../../simulation/faults/all.ts';
import { expectTests, read, rowsOf } from './page.ts';

const rows = rowsOf(read('docs/failure-modes.md')).map(([fault = '', , simulated = '', tests = '']) => ({
  fault,
  simulated,
  tests,
}));

test('every fault has a row', () => {
  expect(rows.map(({ fault }) => fault)).toEqual(Array.from({ length: 20 }, (_, n) => `F${n + 1}`));
});

test.each(FAULT_NAMES)('the kind %s stands in the rows of its faults, and in no other', (name) => {
  const named = rows.filter(({ simulated }) => simulated.includes(`\`${name}\``)).map(({ fault }) => fault);
  expect(named).toEqual([...FAULTS[name].of]);
});

test.each(rows)('what shows $fault is there', ({ simulated, tests }) => {
  expect(simulated + tests).not.toBe('');
  expectTests(tests);
});
