import { defineCommand } from '../../command.ts';
import { agentId } from '../../find/ids.ts';
import { agentPositional } from '../../options/agent.ts';
import { asked } from '../../views/asked.ts';

export const stopAgent = defineCommand({
  usage: 'stop <agent>',
  summary: 'End the session of an agent; its work item is held until somebody starts it',
  positionals: agentPositional,
  examples: [['$0 agents stop Toast', '']],
  run: async ({ agent: reference }, context) => {
    const { id: townId } = await context.town();
    const id = await agentId(context, townId, reference);
    const agent = await context.api.stopAgent({ townId, agentId: id });
    return { json: agent, text: () => asked(agent.id, agent.name) };
  },
});
