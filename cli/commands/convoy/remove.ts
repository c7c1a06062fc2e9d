import { defineCommand } from '../../command.ts';
import { beadId, convoyId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { convoyPositional } from '../../options/convoy.ts';
import { asked } from '../../views/asked.ts';

export const removeConvoyBead = defineCommand({
  usage: 'remove <convoy> <bead>',
  summary: 'Go on without a work item that failed or that nobody has begun',
  positionals: { ...convoyPositional, ...beadPositional },
  examples: [['$0 convoy remove a1e25e05 c2ab3c03', '']],
  run: async ({ convoy: reference, bead }, context) => {
    const { id: townId } = await context.town();
    const convoy = await context.api.removeConvoyBead({
      townId,
      convoyId: await convoyId(context, townId, reference),
      beadId: await beadId(context, townId, bead),
    });
    return { json: convoy, text: () => asked(convoy.id, convoy.title) };
  },
});
