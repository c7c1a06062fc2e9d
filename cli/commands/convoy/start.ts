import { defineCommand } from '../../command.ts';
import { convoyId } from '../../find/ids.ts';
import { convoyPositional } from '../../options/convoy.ts';
import { asked } from '../../views/asked.ts';

export const startConvoy = defineCommand({
  usage: 'start <convoy>',
  summary: 'Start a staged convoy',
  positionals: convoyPositional,
  examples: [['$0 convoy start a1e25e05', '']],
  run: async ({ convoy: reference }, context) => {
    const { id: townId } = await context.town();
    const id = await convoyId(context, townId, reference);
    const convoy = await context.api.startConvoy({ townId, convoyId: id });
    return { json: convoy, text: () => asked(convoy.id, convoy.title) };
  },
});
