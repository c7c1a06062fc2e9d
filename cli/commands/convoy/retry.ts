import { defineCommand } from '../../command.ts';
import { convoyId } from '../../find/ids.ts';
import { convoyPositional } from '../../options/convoy.ts';
import { asked } from '../../views/asked.ts';

export const retryConvoy = defineCommand({
  usage: 'retry <convoy>',
  summary: 'Try again what needs attention: failed work items, or the landing',
  positionals: convoyPositional,
  examples: [['$0 convoy retry a1e25e05', '']],
  run: async ({ convoy: reference }, context) => {
    const { id: townId } = await context.town();
    const id = await convoyId(context, townId, reference);
    const convoy = await context.api.retryConvoy({ townId, convoyId: id });
    return { json: convoy, text: () => asked(convoy.id, convoy.title) };
  },
});
