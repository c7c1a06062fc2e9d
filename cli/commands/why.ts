import { defineCommand } from '../command.ts';
import { beadId } from '../find/ids.ts';
import { whyText } from '../views/why.ts';

export const whyCommand = defineCommand({
  usage: 'why [bead]',
  summary: 'Say why things are not moving, and who has to act',
  positionals: { bead: { type: 'string', describe: 'Id or title of one bead' } },
  examples: [
    ['$0 why', 'Everything that waits'],
    ['$0 why c2ab3c03', 'One bead, by how its id ends'],
  ],
  run: async ({ bead }, context) => {
    const { id: townId } = await context.town();
    const query = bead === undefined ? {} : { beadId: await beadId(context, townId, bead) };
    const answer = await context.api.explainWaits({ townId, ...query });
    return {
      json: answer,
      text: (style) => (answer.items.length === 0 ? 'Nothing waits.' : whyText(style, answer.items)),
    };
  },
});
