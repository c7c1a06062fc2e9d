import { FENCE_WARNING, fence } from '../../../core/prompts/fence.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

export const gtMolCurrent = (town: TownClient): KiloTool =>
  defineTool({
    description: 'Shows the step of your bead that is to be done now, and what you said of the earlier ones.',
    args: {},
    execute: async (_, signal) => {
      const answer = await town({ method: 'GET', path: '/v1/agent/molecule', signal });
      if (answer === null)
        return 'Your bead has no steps, or all are finished: when your work is pushed, call gt_done.';
      return `${FENCE_WARNING}\n\n${fence('The step (JSON)', JSON.stringify(answer, null, 2))}`;
    },
  });
