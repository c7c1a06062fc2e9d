import { advanceRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { step, summary } = advanceRequest.shape;

export function gtMolAdvance(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Says that the present step of your bead is finished and pushed; the answer names the next one. gt_done is refused before the last one is.',
    args: {
      step: step.describe('Number of the step, as gt_mol_current shows it.'),
      summary: summary.describe('What you did, for whoever reads the bead.'),
    },
    execute: async (args, signal) => {
      const answer = await town({ method: 'POST', path: '/v1/agent/molecule', body: args, signal });
      return statementAccepted.safeParse(answer).data?.message ?? 'Accepted.';
    },
  });
}
