import { FENCE_WARNING } from '../../../core/prompts/fence.ts';
import { defineTool } from '../kilo-plugin.ts';
import type { KiloTool } from '../kilo-plugin.ts';
import { fetchPrime } from '../prime-context.ts';
import type { TownClient } from '../town-client.ts';

export function gtPrime(town: TownClient): KiloTool {
  return defineTool({
    description: 'Tells you who you are in the town and what you work on, as it stands now.',
    args: {},
    execute: async (_args, signal) => `${FENCE_WARNING}\n\n${await fetchPrime(town, signal)}`,
  });
}
