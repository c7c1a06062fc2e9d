import { existsSync, globSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { execa } from 'execa';
import MagicString from 'magic-string';
import PQueue from 'p-queue';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EQUIVALENT } from './equivalent.ts';
import { guardsIn, type Guard } from './guards.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RULES = 'core/rules';
/** Not rules: the list, the type, and the table of times. */
const NO_RULES = new Set(['all.ts', 'rule.ts', 'backoff.ts']);
const COPIED = [
  'core',
  'test/unit/core',
  'test/unit/architecture',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** A test run that takes longer hangs, which somebody would notice. */
const RUN_LIMIT_MS = 120_000;

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run mutate --')
  .usage('$0 [options]\n\nDrops the guards of the rules, one at a time; the tests must notice each.')
  .option('rule', { type: 'string', describe: 'Only the rule in this file, as in core/rules: agent-lost' })
  .option('list', { type: 'boolean', default: false, describe: 'Only list the guards' })
  .option('workers', { type: 'number', default: 2, describe: 'Test runs at the same time' })
  .strict()
  .parse();

interface Mutant {
  readonly file: string;
  readonly guard: Guard;
}
type Fate = { readonly caughtBy: string } | 'survived' | 'equivalent';

const mutants: Mutant[] = [];
for (const path of globSync(join(ROOT, RULES, '*.ts')).sort()) {
  const file = basename(path);
  if (NO_RULES.has(file) || (options.rule !== undefined && file !== `${options.rule}.ts`)) continue;
  for (const guard of guardsIn(file, await readFile(path, 'utf8'))) mutants.push({ file, guard });
}
if (mutants.length === 0) throw new Error(`there is no rule ${options.rule} in ${RULES}, or it has no guard`);

if (options.list) {
  for (const { file, guard } of mutants) console.log(`${file}:${guard.line} ${guard.text}`);
} else {
  process.exitCode = await run();
}

async function run(): Promise<number> {
  const fates = new Map<Mutant, Fate>();
  const queue = new PQueue({ concurrency: options.workers });
  const copies: string[] = [];
  const free: string[] = [];
  try {
    for (let worker = 0; worker < options.workers; worker += 1) {
      const copy = await makeCopy();
      copies.push(copy);
      free.push(copy);
    }
    // Without a change all must pass, or every guard would seem to be noticed.
    const broken = await failingTest(copies[0] ?? '', []);
    if (broken !== undefined) throw new Error(`a test fails before anything is dropped: ${broken}`);
    await queue.addAll(
      mutants.map((mutant) => async () => {
        const copy = free.pop();
        if (copy === undefined) throw new Error('no copy is free');
        fates.set(mutant, await fateOf(copy, mutant));
        free.push(copy);
        if (fates.size % 20 === 0) console.log(`${fates.size} of ${mutants.length} guards dropped`);
      }),
    );
  } finally {
    for (const copy of copies) await rm(copy, { recursive: true, force: true });
  }
  return tell(fates);
}

async function makeCopy(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'gastown-mutate-'));
  for (const path of COPIED) await cp(join(ROOT, path), join(copy, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function fateOf(copy: string, { file, guard }: Mutant): Promise<Fate> {
  if (`${file}: ${guard.text}` in EQUIVALENT) return 'equivalent';
  const path = join(copy, RULES, file);
  const source = await readFile(path, 'utf8');
  const mutated = new MagicString(source).overwrite(guard.start, guard.end, guard.dropped).toString();
  await writeFile(path, mutated);
  try {
    const own = `test/unit/core/rules/${file.replace(/\.ts$/, '.test.ts')}`;
    const byOwn = existsSync(join(copy, own)) ? await failingTest(copy, [own]) : undefined;
    const caughtBy = byOwn ?? (await failingTest(copy, []));
    return caughtBy === undefined ? 'survived' : { caughtBy };
  } finally {
    await writeFile(path, source);
  }
}

/** The first test that fails; undefined: none does. */
async function failingTest(copy: string, files: readonly string[]): Promise<string | undefined> {
  const args = ['run', '--project', 'core', '--bail', '1', '--reporter', 'tap-flat', '--no-color', ...files];
  const { stdout, exitCode, timedOut } = await execa(join(ROOT, 'node_modules/.bin/vitest'), args, {
    cwd: copy,
    reject: false,
    timeout: RUN_LIMIT_MS,
    env: { CI: '1' },
  });
  if (timedOut) return 'the tests hang';
  if (exitCode === 0) return undefined;
  const failed = stdout.split('\n').filter((text) => text.startsWith('not ok'));
  // Files that did not run to their end after the first failure are listed, too; they name no test.
  const line = failed.find((text) => text.includes(' > ')) ?? failed[0];
  return line?.replace(/^not ok \d+ - /, '').replace(/ # time=.*/, '') ?? 'the tests do not run';
}

function tell(fates: ReadonlyMap<Mutant, Fate>): number {
  const table = new Table({
    head: ['rule', 'guard that is dropped', 'noticed by'],
    colWidths: [28, 62, 62],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  let survivors = 0;
  for (const mutant of mutants) {
    const fate = fates.get(mutant) ?? 'survived';
    if (fate === 'survived') survivors += 1;
    const by = typeof fate === 'string' ? (fate === 'survived' ? 'SURVIVED' : 'equivalent') : fate.caughtBy;
    table.push([
      `${mutant.file}:${mutant.guard.line}`,
      mutant.guard.text,
      by.split(' > ').slice(1).join(' > ') || by,
    ]);
  }
  console.log(table.toString());
  const unused = Object.keys(EQUIVALENT).filter(
    (key) => !mutants.some(({ file, guard }) => `${file}: ${guard.text}` === key),
  );
  if (options.rule === undefined && unused.length > 0) console.log(`no longer there: ${unused.join('; ')}`);
  console.log(`${mutants.length} guards dropped, ${survivors} not noticed`);
  return survivors === 0 ? 0 : 1;
}
