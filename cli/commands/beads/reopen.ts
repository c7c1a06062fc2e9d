import { defineCommand } from '../../command.ts';
import { beadId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { asked } from '../../views/asked.ts';

export const reopenBead = defineCommand({
  usage: 'reopen <bead>',
  summary: 'Ask for an ended work item anew, on its old branch',
  positionals: beadPositional,
  examples: [['$0 beads reopen c2ab3c03', '']],
  run: async ({ bead: reference }, context) => {
    const { id: townId } = await context.town();
    const bead = await context.api.reopenBead({ townId, beadId: await beadId(context, townId, reference) });
    return { json: bead, text: () => asked(bead.id, bead.title) };
  },
});
