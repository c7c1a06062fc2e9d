import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ALL_RULES } from '../../../core/rules/all.ts';
import { aboutOf, FACTS, factTestOf, hasTest, rulesPage, testOf } from './rules-page.ts';

const page = fileURLToPath(new URL('../../../docs/rules.md', import.meta.url));

test('docs/rules.md says what the rules say of themselves; `vitest run -u` writes it anew', async () => {
  // One that is not there would be made, not compared.
  expect(hasTest(page)).toBe(true);
  await expect(rulesPage()).toMatchFileSnapshot(page);
});

test.each(ALL_RULES.map((rule) => [rule.name, rule] as const))(
  '%s has tests, and words for all there is',
  (_, rule) => {
    expect(hasTest(testOf(rule))).toBe(true);
    const { when, guards, decides, reference } = aboutOf(rule);
    for (const list of [guards, decides, reference]) expect(list.length).toBeGreaterThan(0);
    for (const text of [when, ...guards, ...decides]) expect(text).toMatch(/^\S.{3,}[^.]$/);
  },
);

test.each(FACTS)('the fact %s has tests', (fact) => expect(hasTest(factTestOf(fact))).toBe(true));
