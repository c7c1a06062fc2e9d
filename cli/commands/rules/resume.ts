import { defineCommand } from '../../command.ts';

export const resumeRule = defineCommand({
  usage: 'resume <rule>',
  summary: 'Let a rule run again that is suspended; gastown why says which are',
  positionals: { rule: { type: 'string', demandOption: true, describe: 'Its name' } },
  examples: [['$0 rules resume bead/dispatch', 'Should it break an invariant again, it is suspended again']],
  run: async ({ rule }, { api, ...context }) => {
    const { id: townId } = await context.town();
    const town = await api.resumeRule({ townId }, { rule });
    return { json: town, text: () => `The rule ${rule} is tried again. See what comes of it: gastown why` };
  },
});
