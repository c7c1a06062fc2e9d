import type { TownConfig } from '../../client/api.generated.ts';
import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { readJson } from '../../read-text.ts';

export const createTown = defineCommand({
  usage: 'create <name>',
  summary: 'Make a town',
  positionals: { name: { type: 'string', demandOption: true } },
  options: {
    'config-file': { type: 'string', describe: 'Its settings as JSON; - is what is piped in' },
    org: { type: 'string', describe: 'One of your organisations: its members see the town too' },
  },
  examples: [
    ['$0 towns create "My town"', ''],
    ['$0 towns create app --config-file town.json', 'With settings'],
  ],
  run: async ({ name, org, ...args }, context) => {
    const file = args['config-file'];
    // The API says which setting is wrong.
    const config = file === undefined ? undefined : ((await readJson(file, context)) as TownConfig);
    const town = await context.api.createTown(defined({ name, orgId: org, config }));
    return {
      json: town,
      text: () =>
        `Made ${town.name} (${town.id}).\nNext: gastown rigs add <name> <git url> --town ${town.id}`,
    };
  },
});
