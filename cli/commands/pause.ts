import { defineCommand } from '../command.ts';

export const pauseCommand = defineCommand({
  usage: 'pause',
  summary: 'Let a town rest: nothing is dispatched or merged, its container saves and stops',
  examples: [['$0 pause', 'Work goes on after gastown resume']],
  run: async (_args, { api, ...context }) => {
    const { id: townId } = await context.town();
    const town = await api.pauseTown({ townId });
    return { json: town, text: () => `${town.name} is paused. Go on with: gastown resume` };
  },
});
