import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { beadId } from '../../find/ids.ts';
import { beadPositional } from '../../options/bead.ts';
import { attemptsTable } from '../../views/attempts.ts';
import { beadDetails } from '../../views/bead.ts';

export const showBead = defineCommand({
  usage: 'show <bead>',
  summary: 'Show a work item, and with --attempts what agents did about it',
  positionals: beadPositional,
  options: { attempts: { type: 'boolean', default: false, describe: 'The sessions of agents at it' } },
  examples: [
    ['$0 beads show c2ab3c03', ''],
    ['$0 beads show "Say hello" --attempts', 'With --json: {bead, attempts}'],
  ],
  run: async ({ bead: reference, attempts: wantsAttempts }, context) => {
    const { id: townId } = await context.town();
    const params = { townId, beadId: await beadId(context, townId, reference) };
    const bead = await context.api.getBead(params);
    if (!wantsAttempts) return { json: bead, text: (style) => beadDetails(style, bead) };
    const { items } = await readPages((query) => context.api.listAttempts({ ...params, ...query }));
    return {
      json: { bead, attempts: items },
      text: (style) => `${beadDetails(style, bead)}\n${attemptsTable(style, items)}`,
    };
  },
});
