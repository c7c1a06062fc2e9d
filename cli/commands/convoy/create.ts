import type { CreateConvoy } from '../../client/api.generated.ts';
import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { rigOption } from '../../options/rig.ts';
import { readJson } from '../../read-text.ts';
import { UsageError } from '../../usage-error.ts';
import { beadsTable } from '../../views/beads.ts';
import { convoyDetails } from '../../views/convoys.ts';
import { tasksOf } from './tasks.ts';

export const createConvoy = defineCommand({
  usage: 'create [title]',
  summary: 'Make a convoy: work items that depend on each other and land together',
  positionals: { title: { type: 'string', describe: 'Needed, unless the file has one' } },
  options: {
    task: { type: 'string', array: true, describe: 'Title of a task; several times, in their order' },
    after: {
      type: 'string',
      array: true,
      describe: 'Of the task before: places of tasks that must be closed first, from 0',
    },
    body: { type: 'string', array: true, describe: 'Of the task before: what to do, at length' },
    file: {
      type: 'string',
      describe: 'JSON instead of --task: {title, tasks: [{title, body, dependsOn: [0]}]}; - is piped in',
    },
    rig: rigOption,
    'merge-mode': { choices: ['review-then-land', 'review-and-merge'] as const },
    staged: { type: 'boolean', describe: 'Nothing is dispatched until gastown convoy start' },
  },
  examples: [
    [
      '$0 convoy create "A cart with totals" --task "Compute the total" --task "Show the total" --after 0',
      'The second task waits for the first',
    ],
    ['$0 convoy create --file cart.json --staged', ''],
  ],
  run: async ({ title, task, file, rig, staged, ...args }, context) => {
    if ((task === undefined) === (file === undefined)) {
      throw new UsageError('Say what to do: --task, once or several times, or --file.');
    }
    if (file === undefined && title === undefined) throw new UsageError('Say the title of the convoy.');
    const { id: townId } = await context.town();
    // The API says what is wrong with a file.
    const read = file === undefined ? {} : ((await readJson(file, context)) as Partial<CreateConvoy>);
    const { id: rigId } = read.rigId === undefined ? await context.rig(rig) : { id: read.rigId };
    const own = defined({ title, mergeMode: args['merge-mode'], staged });
    const tasks = file === undefined ? { tasks: tasksOf(context.words) } : {};
    const body = { ...read, ...own, ...tasks, rigId } as CreateConvoy;
    const convoy = await context.api.createConvoy({ townId }, body);
    return {
      json: convoy,
      text: (style) => `${convoyDetails(style, convoy)}\n${beadsTable(style, convoy.items)}`,
    };
  },
});
