import * as z from 'zod';
import { defineTool } from '../kilo-plugin.ts';
import type { KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

export function gtCheckpoint(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Notes how far you are, for the agent that continues if you are interrupted: what is done, what is left, what you found.',
    args: { data: z.string().min(1).max(16_384).describe('The note, as text or JSON.') },
    execute: async ({ data }, signal) => {
      await town({ method: 'POST', path: '/v1/agent/checkpoint', body: { data }, signal });
      return 'Noted.';
    },
  });
}
