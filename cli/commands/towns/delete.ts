import { confirm } from '../../ask.ts';
import { defineCommand } from '../../command.ts';
import { findTown } from '../../find/town.ts';
import { yes } from '../../options/yes.ts';
import { oneLine } from '../../render/printable.ts';

export const deleteTown = defineCommand({
  usage: 'delete <name>',
  summary: 'Delete a town with everything that it keeps; repositories stay as they are',
  positionals: { name: { type: 'string', demandOption: true, describe: 'Id or name' } },
  options: { yes },
  examples: [['$0 towns delete "My town" --yes', 'Export it first: gastown export']],
  run: async (args, context) => {
    const found = await findTown(context.api, args.name);
    const question = `Delete ${oneLine(found.name)} (${found.id}) for ever?`;
    if (!(await confirm(question, args.yes, context))) {
      return { json: found, text: () => 'Nothing was deleted.' };
    }
    const town = await context.api.deleteTown({ townId: found.id });
    return { json: town, text: () => `${oneLine(town.name)} is being deleted.` };
  },
});
