import { defineCommand } from '../../command.ts';
import { escalationId } from '../../find/ids.ts';
import { oneLine } from '../../render/printable.ts';

export const acknowledgeEscalation = defineCommand({
  usage: 'ack <escalation>',
  summary: 'Say that you have seen it and take it from here',
  positionals: {
    escalation: { type: 'string', demandOption: true, describe: 'Id, the end of it, or title' },
  },
  examples: [['$0 escalations ack 2d90aa08', '']],
  run: async ({ escalation: reference }, context) => {
    const { id: townId } = await context.town();
    const id = await escalationId(context, townId, reference);
    const escalation = await context.api.acknowledgeEscalation({ townId, escalationId: id });
    return { json: escalation, text: () => `Acknowledged: ${oneLine(escalation.title)}` };
  },
});
