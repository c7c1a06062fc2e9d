import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { costsPage, figuresSchema, type Figures } from './costs-page.ts';
import { isMet, type Figure, type Goal } from './goal.ts';
import { g1 } from './goals/g1.ts';
import { g10 } from './goals/g10.ts';
import { g11 } from './goals/g11.ts';
import { g12 } from './goals/g12.ts';
import { g13 } from './goals/g13.ts';
import { g2 } from './goals/g2.ts';
import { g3 } from './goals/g3.ts';
import { g5 } from './goals/g5.ts';
import { g9 } from './goals/g9.ts';

const GOALS: readonly Goal[] = [g1, g2, g3, g5, g9, g10, g11, g12, g13];
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const FIGURES = here('figures.json');
const FLOORS = here('floors.json');
const COSTS = here('../../docs/costs.md');
/** By how much a figure may get worse. A machine that does something else beside is far slower, but not ten times. */
const MARGIN = { ratio: 2, speed: 10 } as const;

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run bench --')
  .usage('$0 [options]\n\nMeasures the goals against peers, in counts and ratios.')
  .option('only', { type: 'array', string: true, describe: 'Goals: G1 G2 …' })
  .option('quick', { type: 'boolean', default: false, describe: 'Smaller sizes, for a look' })
  .option('check', { type: 'boolean', default: false, describe: 'Exit with 1 below the floors' })
  .option('write', { type: 'boolean', default: false, describe: 'Write figures, floors and docs/costs.md' })
  .strict()
  .parse();

const measured: { goal: Goal; figures: readonly Figure[] }[] = [];
for (const goal of GOALS) {
  if (options.only !== undefined && !options.only.includes(goal.id)) continue;
  console.log(`${goal.id} ${goal.title}`);
  measured.push({ goal, figures: await goal.measure(options.quick) });
}
const all = measured.flatMap(({ figures }) => figures);

const table = new Table({
  head: ['goal', 'figure', 'measured', 'goal is', ''],
  style: { head: [], border: [], compact: true },
});
for (const { goal, figures } of measured) {
  for (const figure of figures) {
    const { what, value, better, target } = figure;
    table.push([
      goal.id,
      what,
      short(value),
      `${better === 'more' ? '≥' : '≤'} ${short(target)}`,
      isMet(figure) ? 'met' : 'NOT MET',
    ]);
  }
}
console.log(table.toString());
console.log(`${all.filter(isMet).length} of ${all.length} goals met`);

if (options.write) await write();
if (options.check) process.exitCode = await check();

function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

async function write(): Promise<void> {
  const figures: Figures = Object.fromEntries(
    all.map(({ name, value }) => [name, Number(value.toPrecision(4))]),
  );
  await writeFile(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
  const floors = Object.fromEntries(
    all.map(({ name, value, kind, better }) => [name, floorOf(value, kind, better)]),
  );
  await writeFile(FLOORS, `${JSON.stringify(floors, null, 2)}\n`);
  await writeFile(COSTS, costsPage(figures));
}

/** A count must not get worse; a ratio may lose some. */
function floorOf(value: number, kind: Figure['kind'], better: Figure['better']): number {
  if (kind === 'count') return Number(value.toPrecision(4));
  return Number((better === 'more' ? value / MARGIN[kind] : value * MARGIN[kind]).toPrecision(3));
}

async function check(): Promise<number> {
  const floors = figuresSchema.parse(JSON.parse(await readFile(FLOORS, 'utf8')));
  const below = all.filter(({ name, value, better }) => {
    const floor = floors[name];
    // A count that was written with four digits.
    const slack = 1.001;
    return floor === undefined || (better === 'more' ? value * slack < floor : value > floor * slack);
  });
  for (const { name, value } of below)
    console.log(`below its floor: ${name} is ${short(value)}, the floor ${floors[name] ?? 'is not written'}`);
  console.log(
    below.length === 0 ? 'no figure is below its floor' : `${below.length} figures are below their floors`,
  );
  return below.length === 0 ? 0 : 1;
}
