import { expect, test } from 'vitest';
import { inboxStatement } from '../../../core/facts/inbox.ts';
import { messageFact } from '../../../core/facts/message.ts';
import { ALL_RULES } from '../../../core/rules/all.ts';
import { expectTests, read, rowsOf } from './page.ts';

const page = read('docs/reference-coverage.md');
const rows = rowsOf(page).map(([row = '', here = '']) => ({ row, here }));
const RULES = new Set(ALL_RULES.map(({ name }) => name));
const FACTS = new Set<string>(
  [...inboxStatement.options, ...messageFact.options].map(({ shape }) => shape.type.value),
);

test('every rule, action, event and behaviour has a row', () => {
  const counts = page
    .split('\n## ')
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), rowsOf(section).length]);
  expect(counts).toEqual([
    ['Rules (section 3)', 24],
    ['Actions (section 4)', 22],
    ['Events (section 5)', 15],
    ['Behaviours that its tests show (section 13)', 12],
  ]);
});

test.each(rows)('$row is where the page says', ({ here }) => {
  expect(here).not.toBe('');
  for (const [, name = ''] of here.matchAll(/`([a-z-]+\/[a-z-]+)`/g)) expect(RULES).toContain(name);
  for (const [, name = ''] of here.matchAll(/`([a-z]+_[a-z_]+)`/g)) expect(FACTS).toContain(name);
  expectTests(here);
});

test('every rule has a row, but for those that only this town has', () => {
  const unnamed = [...RULES].filter((name) => !page.includes(`\`${name}\``));
  expect(unnamed.sort()).toEqual([
    'budget/limit',
    'container/start',
    'container/stop',
    'escalation/open',
    'outbox/retry',
    'rig/remove',
    'town/halt',
    'town/purge',
  ]);
});
