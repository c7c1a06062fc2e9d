import { expect, test } from 'vitest';
import { baseBranch, beadBranch, featureBranchOf, slug } from '../../../core/town/branches.ts';
import { agent, bead, convoy, rig } from './town-builder.ts';

test.each([
  ['Add a Tax Line', 'add-a-tax-line'],
  ['  Über-Größe!! ', 'ber-gr-e'],
  ['../../etc/passwd', 'etc-passwd'],
  ['a..b~c^d:e?f*g[h\\i@{j}.lock', 'a-b-c-d-e-f-g-h-i-j-lock'],
  ['日本', 'none'],
  ['', 'none'],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ['x'.repeat(100), 'x'.repeat(40)],
])('%j becomes %j', (text, expected) => {
  expect(slug(text, 'none')).toBe(expected);
});

const b = bead('0198c5a0-0000-7000-8000-0123456789ab');
const toast = agent('x', { name: 'Toast' });
const together = convoy('k', {
  featureBranch: featureBranchOf({ id: '0198c5a0-0000-7000-8000-00000000cdef', title: 'VAT' }),
});
const apart = { ...together, mode: 'review-and-merge' } as const;

test.each([
  { of: 'a bead alone', convoy: undefined, branch: 'gt/toast/456789ab', base: 'main' },
  {
    of: 'a bead of a convoy that lands together',
    convoy: together,
    branch: 'convoy/vat/0000cdef/gt/toast/456789ab',
    base: 'convoy/vat/0000cdef/head',
  },
  {
    of: 'a bead of a convoy that merges one by one',
    convoy: apart,
    branch: 'gt/toast/456789ab',
    base: 'main',
  },
])('the branch of $of', ({ convoy: of, branch, base }) => {
  expect(beadBranch(b, toast, of)).toBe(branch);
  expect(baseBranch(rig(), of)).toBe(base);
});

test('no branch of a convoy lies below another one: git forbids that', () => {
  const branches = [together.featureBranch, beadBranch(b, toast, together), beadBranch(b, toast, undefined)];
  for (const one of branches) for (const other of branches) expect(other.startsWith(`${one}/`)).toBe(false);
});
