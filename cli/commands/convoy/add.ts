import { defineCommand } from '../../command.ts';
import { beadId, convoyId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { convoyPositional } from '../../options/convoy.ts';
import { asked } from '../../views/asked.ts';

export const addConvoyBead = defineCommand({
  usage: 'add <convoy> <bead>',
  summary: 'Add a work item that nobody has begun',
  positionals: { ...convoyPositional, ...beadPositional },
  options: {
    after: { type: 'string', array: true, describe: 'A bead of the convoy to wait for; several times' },
  },
  examples: [['$0 convoy add a1e25e05 c6c04d04 --after c2ab3c03', '']],
  run: async ({ convoy: reference, bead, after = [] }, context) => {
    const { id: townId } = await context.town();
    const params = { townId, convoyId: await convoyId(context, townId, reference) };
    const dependsOn: string[] = [];
    for (const one of after) dependsOn.push(await beadId(context, townId, one));
    const body = { beadId: await beadId(context, townId, bead), dependsOn };
    const convoy = await context.api.addConvoyBead(params, body);
    return { json: convoy, text: () => asked(convoy.id, convoy.title) };
  },
});
