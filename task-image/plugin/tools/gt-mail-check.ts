import { mailAnswer } from '../../../core/protocol/agent-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

export function gtMailCheck(town: TownClient): KiloTool {
  return defineTool({
    description: 'Reads what was written to you and not said yet. Each message comes once.',
    args: {},
    execute: async (_args, signal) => {
      const path = '/v1/agent/mail';
      const { items } = mailAnswer.parse(await town({ method: 'GET', path, signal }));
      if (items.length === 0) return 'Nothing was written to you.';
      const ids = items.map(({ id }) => id);
      // Should this fail, it is said again later: better than never.
      await town({ method: 'POST', path: `${path}/read`, body: { ids }, signal }).catch(() => undefined);
      // What agents wrote is fenced by the town; what the town itself says is not.
      return items.map(({ at, text }) => `Written at ${at}:\n${text}`).join('\n\n');
    },
  });
}
