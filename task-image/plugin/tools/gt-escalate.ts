import { escalateRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { severity, title, text } = escalateRequest.shape;

export function gtEscalate(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Asks people for help with what you cannot solve yourself: missing access, contradictory requirements, a broken environment. ' +
      'Nobody answers at once; it does not end your work.',
    args: {
      severity: severity.describe('critical: something is being damaged. high: your work cannot go on.'),
      title: title.describe('What is wrong, in one line.'),
      text: text.describe('What you tried, and what you need.'),
    },
    execute: async (args, signal) => {
      const answer = await town({ method: 'POST', path: '/v1/agent/escalate', body: args, signal });
      return statementAccepted.safeParse(answer).data?.message ?? 'People can see it now.';
    },
  });
}
