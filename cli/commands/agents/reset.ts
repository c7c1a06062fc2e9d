import { defineCommand } from '../../command.ts';
import { agentId } from '../../find/ids.ts';
import { agentPositional } from '../../options/agent.ts';
import { asked } from '../../views/asked.ts';

export const resetAgent = defineCommand({
  usage: 'reset <agent>',
  summary: 'End the session of an agent; its work starts again at once',
  positionals: agentPositional,
  examples: [['$0 agents reset Toast', '']],
  run: async ({ agent: reference }, context) => {
    const { id: townId } = await context.town();
    const id = await agentId(context, townId, reference);
    const agent = await context.api.resetAgent({ townId, agentId: id });
    return { json: agent, text: () => asked(agent.id, agent.name) };
  },
});
