import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { convoyId } from '../../find/ids.ts';
import { convoyPositional } from '../../options/convoy.ts';
import { asked } from '../../views/asked.ts';

export const closeConvoy = defineCommand({
  usage: 'close <convoy>',
  summary: 'Give a convoy up: what is unfinished is cancelled, nothing lands',
  positionals: convoyPositional,
  options: { reason: { type: 'string' } },
  examples: [['$0 convoy close a1e25e05 --reason "The cart is rewritten instead."', '']],
  run: async ({ convoy: reference, reason }, context) => {
    const { id: townId } = await context.town();
    const params = { townId, convoyId: await convoyId(context, townId, reference) };
    const convoy = await context.api.closeConvoy(params, defined({ reason }));
    return { json: convoy, text: () => asked(convoy.id, convoy.title) };
  },
});
