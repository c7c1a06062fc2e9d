import { confirm } from '../../ask.ts';
import { defineCommand } from '../../command.ts';
import { beadId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { yes } from '../../options/yes.ts';
import { shortId } from '../../render/id.ts';
import { asked } from '../../views/asked.ts';

export const deleteBead = defineCommand({
  usage: 'delete <bead>',
  summary: 'Delete a work item: whoever waited for it waits no longer',
  positionals: beadPositional,
  options: { yes },
  examples: [['$0 beads delete c2ab3c03 --yes', '']],
  run: async ({ bead: reference, yes: isSure }, context) => {
    const { id: townId } = await context.town();
    const id = await beadId(context, townId, reference);
    if (!(await confirm(`Delete bead ${shortId(id)} for ever?`, isSure, context))) {
      return { json: null, text: () => 'Nothing was deleted.' };
    }
    const bead = await context.api.deleteBead({ townId, beadId: id });
    return { json: bead, text: () => asked(bead.id, bead.title) };
  },
});
