import { FENCE_WARNING, fence } from '../../../core/prompts/fence.ts';
import { ANSWER_LABEL, mayorTools, type MayorToolName } from '../../../core/protocol/mayor-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

/** The mayor's tools, from the one table that the town checks them by. */
export const gtMayorTools = (town: TownClient): Record<string, KiloTool> =>
  Object.fromEntries(
    (Object.keys(mayorTools) as MayorToolName[]).map((name) => [name, gtMayorTool(town, name)]),
  );

/** Titles and bodies in the answers are people's and agents' text. */
function gtMayorTool(town: TownClient, name: MayorToolName): KiloTool {
  const { path, description, body } = mayorTools[name];
  return defineTool({
    description,
    args: body.shape,
    execute: async (args, signal) => {
      const answer = await town({ method: 'POST', path: `/v1/agent/mayor/${path}`, body: args, signal });
      return `${FENCE_WARNING}\n\n${fence(ANSWER_LABEL, JSON.stringify(answer, null, 1))}`;
    },
  });
}
