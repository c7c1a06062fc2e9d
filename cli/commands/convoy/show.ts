import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { convoyId } from '../../find/ids.ts';
import { convoyPositional } from '../../options/convoy.ts';
import { beadsTable } from '../../views/beads.ts';
import { convoyDetails } from '../../views/convoys.ts';

export const showConvoy = defineCommand({
  usage: 'show <convoy>',
  summary: 'Show a convoy and its work items',
  positionals: convoyPositional,
  examples: [['$0 convoy show a1e25e05', 'With --json: {convoy, beads}']],
  run: async ({ convoy: reference }, context) => {
    const { id: townId } = await context.town();
    const id = await convoyId(context, townId, reference);
    const convoy = await context.api.getConvoy({ townId, convoyId: id });
    const { items } = await readPages((query) => context.api.listBeads({ townId, convoyId: id, ...query }));
    const order = new Map(convoy.beads.map((edge, place) => [edge.id, place]));
    const beads = items.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
    return {
      json: { convoy, beads },
      text: (style) => `${convoyDetails(style, convoy)}\n${beadsTable(style, beads)}`,
    };
  },
});
