import { defineCommand } from '../command.ts';
import { defined } from '../defined.ts';
import { beadId } from '../find/ids.ts';
import { rigOption } from '../options/rig.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { readText } from '../read-text.ts';
import { UsageError } from '../usage-error.ts';

export const slingCommand = defineCommand({
  usage: 'sling <title>',
  summary: 'Give a town something to do',
  positionals: { title: { type: 'string', demandOption: true, describe: 'What to do, in a line' } },
  options: {
    rig: rigOption,
    body: { type: 'string', describe: 'What to do, at length' },
    'body-file': { type: 'string', describe: 'The body from a file; - is what is piped in' },
    priority: { choices: ['low', 'medium', 'high', 'critical'] as const, describe: 'medium unless said' },
    label: { type: 'string', array: true, describe: 'May be said several times' },
    after: { type: 'string', array: true, describe: 'A bead that must be closed first; several times' },
    held: { type: 'boolean', describe: 'It waits until gastown beads start' },
  },
  examples: [
    ['$0 sling "Say hello" --body "Print hello at start."', ''],
    ['$0 sling "Show the total" --rig app --after c2ab3c03 --label cart', 'When another bead is done'],
    ['$0 sling "Fix the crash" --body-file - < report.md', 'The body is piped in'],
  ],
  run: async ({ title, rig, body, priority, label, after = [], held, ...args }, context) => {
    const file = args['body-file'];
    if (body !== undefined && file !== undefined)
      throw new UsageError('Say --body or --body-file, not both.');
    const { id: townId } = await context.town();
    const { id: rigId } = await context.rig(rig);
    const dependsOn: string[] = [];
    for (const reference of after) dependsOn.push(await beadId(context, townId, reference));
    const bead = await context.api.createBead(
      { townId },
      defined({
        rigId,
        title,
        body: file === undefined ? body : await readText(file, context),
        priority,
        labels: label,
        dependsOn: dependsOn.length === 0 ? undefined : dependsOn,
        held,
      }),
    );
    return {
      json: bead,
      text: () =>
        `${bead.held ? 'Held' : 'Slung'}: bead ${shortId(bead.id)}, ${oneLine(bead.title)}.\nWatch it: gastown why ${shortId(bead.id)}`,
    };
  },
});
