import { statusRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { message } = statusRequest.shape;

export function gtStatus(town: TownClient): KiloTool {
  return defineTool({
    description: 'Shows people what you are doing. Say it when you begin something new, not for every step.',
    args: { message: message.describe('One or two plain sentences.') },
    execute: async (args, signal) => {
      const answer = await town({ method: 'POST', path: '/v1/agent/status', body: args, signal });
      return statementAccepted.safeParse(answer).data?.message ?? 'People can see it.';
    },
  });
}
