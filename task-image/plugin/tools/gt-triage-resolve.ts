import { resolveTriageRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { accepted } from '../accepted.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { action, reason } = resolveTriageRequest.shape;

export function gtTriageResolve(town: TownClient): KiloTool {
  return defineTool({
    description: 'Decides on the request that you were given. Call it once.',
    args: {
      action: action.describe('One of the decisions that your rules list.'),
      reason: reason.describe('Why, in one or two sentences; a nudge is told to the agent in these words.'),
    },
    execute: async (args, signal) => {
      const answer = await town({ method: 'POST', path: '/v1/agent/triage/resolve', body: args, signal });
      return accepted(statementAccepted.safeParse(answer).data?.message);
    },
  });
}
