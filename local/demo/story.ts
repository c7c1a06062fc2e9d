/** What the demo asks for: three beads, the last of which needs the two others. The scripted model follows the code fences. */
interface Task {
  readonly title: string;
  readonly body: string;
  readonly dependsOn: readonly number[];
  /** A file that is on the default branch when the change has landed. */
  readonly file: string;
}

const write = (path: string, content: string): string => `write ${path}\n<<<\n${content}>>>`;
const fenced = (words: string, ...steps: string[]): string =>
  `${words}\n\n\`\`\`\n${steps.join('\n')}\nrun npm test\n\`\`\`\n`;

const DISCOUNT = `import type { Cents } from './money.ts';

/** Takes \`percent\` off, rounded to whole cents. */
export function discounted(amount: Cents, percent: number): Cents {
  return Math.round(amount * (1 - percent / 100));
}
`;
const DISCOUNT_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discounted } from '../src/discount.ts';

test('a discount is rounded to whole cents', () => {
  assert.equal(discounted(999, 10), 899);
});
`;
const TAX = `import type { Cents } from './money.ts';

/** The tax on an amount, rounded to whole cents. */
export function taxOn(amount: Cents, percent: number): Cents {
  return Math.round((amount * percent) / 100);
}
`;
const TAX_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taxOn } from '../src/tax.ts';

test('tax is rounded to whole cents', () => {
  assert.equal(taxOn(1050, 19), 200);
});
`;
const INVOICE = `import { total, type Line } from './cart.ts';
import { discounted } from './discount.ts';
import { formatCents } from './money.ts';
import { taxOn } from './tax.ts';

/** What the customer pays, as text. */
export function invoice(lines: readonly Line[], discountPercent: number, taxPercent: number): string {
  const net = discounted(total(lines), discountPercent);
  return formatCents(net + taxOn(net, taxPercent));
}
`;
const INVOICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invoice } from '../src/invoice.ts';

test('discount first, then tax', () => {
  assert.equal(invoice([{ name: 'tea', price: 1000, quantity: 2 }], 10, 20), '$21.60');
});
`;

export const TASKS: readonly Task[] = [
  {
    title: 'Add discounts',
    body: fenced(
      'The price list cannot give discounts. Add `src/discount.ts` with a test.',
      write('src/discount.ts', DISCOUNT),
      write('test/discount.test.ts', DISCOUNT_TEST),
    ),
    dependsOn: [],
    file: 'src/discount.ts',
  },
  {
    title: 'Add sales tax',
    body: fenced(
      'The price list knows no tax. Add `src/tax.ts` with a test.',
      write('src/tax.ts', TAX),
      write('test/tax.test.ts', TAX_TEST),
    ),
    dependsOn: [],
    file: 'src/tax.ts',
  },
  {
    title: 'Add invoices',
    body: fenced(
      'Discounts and tax are there now. Add `src/invoice.ts`, which uses both, with a test.',
      write('src/invoice.ts', INVOICE),
      write('test/invoice.test.ts', INVOICE_TEST),
    ),
    dependsOn: [0, 1],
    file: 'src/invoice.ts',
  },
];

/** What the mayor is asked when nothing else is said. */
export const SENTENCE =
  'Write a note on discounts, write a note on sales tax and then write a note on invoices that uses both.';

export const GATE = "node --test 'test/**/*.test.ts'";
export const NAMES = { town: 'Demo', rig: 'price-list', convoy: 'Invoices' };
