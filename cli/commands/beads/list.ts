import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { readPages } from '../../find/all-pages.ts';
import { agentId, convoyId } from '../../find/ids.ts';
import { limit, moreLine } from '../../options/limit.ts';
import { beadsTable } from '../../views/beads.ts';

export const listBeads = defineCommand({
  usage: 'list',
  summary: 'List work items, ended ones too',
  options: {
    status: { choices: ['open', 'in_progress', 'in_review', 'closed', 'failed'] as const },
    rig: { type: 'string', describe: 'Id or name' },
    convoy: { type: 'string', describe: 'Id or title' },
    agent: { type: 'string', describe: 'Id or name' },
    label: { type: 'string' },
    limit,
  },
  examples: [
    ['$0 beads list', ''],
    ['$0 beads list --status failed --json', ''],
  ],
  run: async ({ status, rig, convoy, agent, label, limit: most }, context) => {
    const { id: townId } = await context.town();
    const filter = defined({
      status,
      rigId: rig === undefined ? undefined : (await context.rig(rig)).id,
      convoyId: convoy === undefined ? undefined : await convoyId(context, townId, convoy),
      agentId: agent === undefined ? undefined : await agentId(context, townId, agent),
      label,
    });
    const page = await readPages((query) => context.api.listBeads({ townId, ...filter, ...query }), most);
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'There are no such beads.'
          : `${beadsTable(style, page.items)}${moreLine(style, page)}`,
    };
  },
});
