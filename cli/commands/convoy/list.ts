import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { limit, moreLine } from '../../options/limit.ts';
import { convoysTable } from '../../views/convoys.ts';

export const listConvoys = defineCommand({
  usage: 'list',
  summary: 'List convoys, ended ones too',
  options: { limit },
  examples: [['$0 convoy list', '']],
  run: async ({ limit: most }, context) => {
    const { id: townId } = await context.town();
    const page = await readPages((query) => context.api.listConvoys({ townId, ...query }), most);
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'There is no convoy.'
          : `${convoysTable(style, page.items)}${moreLine(style, page)}`,
    };
  },
});
