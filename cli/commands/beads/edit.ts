import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { beadId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { readText } from '../../read-text.ts';
import { UsageError } from '../../usage-error.ts';
import { beadLine } from '../../views/bead.ts';

export const editBead = defineCommand({
  usage: 'edit <bead>',
  summary: 'Change a work item that has not ended',
  positionals: beadPositional,
  options: {
    title: { type: 'string' },
    body: { type: 'string' },
    'body-file': { type: 'string', describe: 'The body from a file; - is what is piped in' },
    priority: { choices: ['low', 'medium', 'high', 'critical'] as const },
    label: { type: 'string', array: true, describe: 'All its labels; --label "" for none' },
    after: {
      type: 'string',
      array: true,
      describe: 'All beads that must be closed first; --after "" for none',
    },
  },
  examples: [
    ['$0 beads edit c2ab3c03 --priority high', ''],
    ['$0 beads edit c2ab3c03 --after ""', 'It waits for nothing any more'],
  ],
  run: async ({ bead: reference, title, body, priority, label, after, ...args }, context) => {
    const file = args['body-file'];
    if (body !== undefined && file !== undefined)
      throw new UsageError('Say --body or --body-file, not both.');
    const { id: townId } = await context.town();
    let dependsOn: string[] | undefined;
    for (const one of after ?? []) {
      dependsOn ??= [];
      if (one !== '') dependsOn.push(await beadId(context, townId, one));
    }
    const bead = await context.api.editBead(
      { townId, beadId: await beadId(context, townId, reference) },
      defined({
        title,
        body: file === undefined ? body : await readText(file, context),
        priority,
        labels: label?.filter((one) => one !== ''),
        dependsOn,
      }),
    );
    return { json: bead, text: (style) => beadLine(style, bead) };
  },
});
