import { defineCommand } from '../../command.ts';
import { beadId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { asked } from '../../views/asked.ts';

export const startBead = defineCommand({
  usage: 'start <bead>',
  summary: 'Start a work item that is held',
  positionals: beadPositional,
  examples: [['$0 beads start c2ab3c03', '']],
  run: async ({ bead: reference }, context) => {
    const { id: townId } = await context.town();
    const bead = await context.api.startBead({ townId, beadId: await beadId(context, townId, reference) });
    return { json: bead, text: () => asked(bead.id, bead.title) };
  },
});
