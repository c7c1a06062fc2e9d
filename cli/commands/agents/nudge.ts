import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { agentId } from '../../find/ids.ts';
import { agentPositional } from '../../options/agent.ts';
import { asked } from '../../views/asked.ts';

export const nudgeAgent = defineCommand({
  usage: 'nudge <agent> <message>',
  summary: 'Tell an agent something',
  positionals: { ...agentPositional, message: { type: 'string', demandOption: true } },
  options: {
    mode: {
      choices: ['wait-idle', 'immediate', 'queue'] as const,
      describe: 'Between its turns, in the middle of one, or with the next thing that it is told',
    },
  },
  examples: [['$0 agents nudge Toast "The API changed on main: rebase first."', '']],
  run: async ({ agent: reference, message, mode }, context) => {
    const { id: townId } = await context.town();
    const id = await agentId(context, townId, reference);
    const agent = await context.api.nudgeAgent({ townId, agentId: id }, defined({ message, mode }));
    return { json: agent, text: () => asked(agent.id, agent.name) };
  },
});
