import { defineCommand } from '../../command.ts';

export const removeRig = defineCommand({
  usage: 'remove <rig>',
  summary: 'Take a repository out of a town',
  positionals: { rig: { type: 'string', demandOption: true, describe: 'Id or name' } },
  options: {
    force: { type: 'boolean', default: false, describe: 'Also with unfinished work, which is cancelled' },
  },
  examples: [['$0 rigs remove app', 'The repository itself stays as it is']],
  run: async ({ rig: reference, force }, { api, ...context }) => {
    const { id: townId } = await context.town();
    const { id: rigId } = await context.rig(reference);
    const rig = await api.removeRig({ townId, rigId, ...(force ? { force } : {}) });
    return { json: rig, text: () => `${rig.name} is being taken out of the town.` };
  },
});
