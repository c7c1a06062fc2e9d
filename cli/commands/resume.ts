import { defineCommand } from '../command.ts';

export const resumeCommand = defineCommand({
  usage: 'resume',
  summary: 'Let a paused town go on',
  examples: [['$0 resume', '']],
  run: async (_args, { api, ...context }) => {
    const { id: townId } = await context.town();
    const town = await api.resumeTown({ townId });
    return { json: town, text: () => `${town.name} goes on.` };
  },
});
