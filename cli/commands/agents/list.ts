import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { limit, moreLine } from '../../options/limit.ts';
import { agentsTable } from '../../views/agents.ts';

export const listAgents = defineCommand({
  usage: 'list',
  summary: 'List the agents of a town, and what they do',
  options: { limit },
  examples: [['$0 agents list', '']],
  run: async ({ limit: most }, context) => {
    const { id: townId } = await context.town();
    const page = await readPages((query) => context.api.listAgents({ townId, ...query }), most);
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'There are no agents yet: they come with work.'
          : `${agentsTable(style, page.items)}${moreLine(style, page)}`,
    };
  },
});
