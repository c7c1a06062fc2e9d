import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { beadId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { asked } from '../../views/asked.ts';

export const cancelBead = defineCommand({
  usage: 'cancel <bead>',
  summary: 'End a work item, as closed or as failed',
  positionals: beadPositional,
  options: {
    as: {
      choices: ['closed', 'failed'] as const,
      default: 'closed' as const,
      describe: 'closed: whoever waited for it goes on; failed: they do not',
    },
    reason: { type: 'string' },
  },
  examples: [['$0 beads cancel c2ab3c03 --reason "It was done by hand."', '']],
  run: async ({ bead: reference, as, reason }, context) => {
    const { id: townId } = await context.town();
    const params = { townId, beadId: await beadId(context, townId, reference) };
    const bead = await context.api.cancelBead(params, defined({ as, reason }));
    return { json: bead, text: () => asked(bead.id, bead.title) };
  },
});
