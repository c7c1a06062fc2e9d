import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inboxStatement } from '../../../core/facts/inbox.ts';
import { messageFact } from '../../../core/facts/message.ts';
import { ALL_INVARIANTS } from '../../../core/invariants/all.ts';
import { ALL_RULES } from '../../../core/rules/all.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from '../../../core/rules/rule.ts';

/** docs/rules.md, made of the rules themselves: what it says of a rule is what stands beside its code. */

const INTRODUCTION = `# Rules, facts and invariants

What a town decides, and by which rule. The rules run in this order, again and again until a whole pass decides nothing; a later one sees
what an earlier one decided. A rule that waits says so, and \`GET …/why\` shows it with the rule's name. Numbers under _reference_ are
sections of the system before this one, hazards of it (H-…), and decisions of [the design](design.md).
`;

/** Where the tests of a rule are: its file has the rule's name, or the name of what it is about. */
const TEST_FILES: Readonly<Record<string, string>> = {
  'bead/verify': 'verification-job',
  'budget/limit': '../budgets',
  'container/desired-state': 'desired-state',
};

export function testOf({ name }: Pick<Rule, 'name'>): string {
  const file = TEST_FILES[name] ?? name.replace('/', '-');
  return fileURLToPath(new URL(`rules/${file}.test.ts`, import.meta.url));
}

type RuleFile = Readonly<Record<string, Partial<Rule> | RuleAbout | undefined>>;
const directory = new URL('../../../core/rules/', import.meta.url);
const FILES = await Promise.all(
  readdirSync(directory).map((file): Promise<RuleFile> => import(new URL(file, directory).href)),
);

/** What the rule's file says of it. */
export function aboutOf(rule: Rule): RuleAbout {
  const about = FILES.find((file) => Object.values(file).includes(rule))?.['about'];
  if (about === undefined || !('when' in about)) throw new Error(`the file of ${rule.name} has no "about"`);
  return about;
}

const inRepository = (path: string): string => path.slice(path.indexOf('/test/') + 1);

const cell = (text: string): string => text.replaceAll('|', '\\|');
const list = (parts: readonly string[]): string => parts.map((part) => cell(part)).join('; ');

function rowOf(rule: Rule): string {
  const { when, guards, decides, deadline = '', reference } = aboutOf(rule);
  const { lifecycles = ['active'] } = rule;
  const towns = lifecycles.length === ALL_LIFECYCLES.length ? 'all' : lifecycles.join(', ');
  const cells = [
    `\`${rule.name}\``,
    towns,
    cell(when),
    list(guards),
    list(decides),
    cell(deadline),
    list(reference),
    `\`${inRepository(testOf(rule))}\``,
  ];
  return `| ${cells.join(' | ')} |`;
}

export const FACTS: readonly string[] = [
  ...inboxStatement.options.map(({ shape }) => shape.type.value),
  ...messageFact.options.map(({ shape }) => shape.type.value),
].sort();

/** Facts whose tests stand with another one's. */
const FACT_FILES: Readonly<Record<string, string>> = {
  container_synced: 'observed',
  mayor_ensured: 'mayor-message',
};

export const factTestOf = (fact: string): string =>
  fileURLToPath(new URL(`facts/${FACT_FILES[fact] ?? fact.replaceAll('_', '-')}.test.ts`, import.meta.url));

export function rulesPage(): string {
  const rules = ALL_RULES.map(rowOf);
  const facts = FACTS.map((fact) => `| \`${fact}\` | \`${inRepository(factTestOf(fact))}\` |`);
  const invariants = ALL_INVARIANTS.map(({ name }) => `- ${name.replaceAll('-', ' ')}`);
  return [
    INTRODUCTION,
    '| rule | in towns that are | when | guards | decides | deadline | reference | test |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rules,
    '\n## Facts\n',
    'What can happen; what is not understood is quarantined, what speaks of something that is over changes nothing.\n',
    '| fact | test |',
    '| --- | --- |',
    ...facts,
    '\n## Invariants\n',
    'Checked in every step; a step that would break one is not committed. Tests: `test/unit/core/invariants/invariants.test.ts`.\n',
    ...invariants,
    '',
  ].join('\n');
}

export const hasTest = (path: string): boolean => existsSync(path);
