import { defineCommand } from '../command.ts';
import { statusText } from '../views/status.ts';

export const statusCommand = defineCommand({
  usage: 'status',
  summary: 'Show a town at a glance',
  examples: [
    ['$0 status', 'The only town that there is'],
    ['$0 status --town "My town" --json', 'One of several, for a program'],
  ],
  run: async (_args, { api, ...context }) => {
    const town = await context.town();
    const status = await api.getStatus({ townId: town.id });
    return { json: status, text: (style) => statusText(style, town, status) };
  },
});
