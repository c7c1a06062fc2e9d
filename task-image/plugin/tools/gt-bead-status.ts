import * as z from 'zod';
import { FENCE_WARNING, fence } from '../../../core/prompts/fence.ts';
import { defineTool } from '../kilo-plugin.ts';
import type { KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

export function gtBeadStatus(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Shows how a bead (a work item of the town) stands: its status, branch and what it waits for.',
    args: { bead_id: z.string().min(1).max(128).describe('Id of the bead.') },
    execute: async ({ bead_id }, signal) => {
      const path = `/v1/agent/beads/${encodeURIComponent(bead_id)}`;
      const answer = await town({ method: 'GET', path, signal });
      return `${FENCE_WARNING}\n\n${fence('The bead (JSON)', JSON.stringify(answer, null, 2))}`;
    },
  });
}
