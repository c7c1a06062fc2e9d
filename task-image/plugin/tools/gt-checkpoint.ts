import { checkpointRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { data } = checkpointRequest.shape;

export function gtCheckpoint(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Keeps what you would need to go on if your session had to start anew: what is done, decided and left. You get the last one back ' +
      'with gt_prime. Push your work as well: this keeps words only.',
    args: { data: data.describe('All of it, as text or JSON; what you kept before is replaced.') },
    execute: async (args, signal) => {
      const answer = await town({ method: 'POST', path: '/v1/agent/checkpoint', body: args, signal });
      return statementAccepted.safeParse(answer).data?.message ?? 'Kept.';
    },
  });
}
