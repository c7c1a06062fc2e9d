import { doneRequest, statementAccepted } from '../../../core/protocol/agent-api.ts';
import { accepted } from '../accepted.ts';
import { defineTool } from '../kilo-plugin.ts';
import type { KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { branch, summary } = doneRequest.shape;

export function gtDone(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Tells the town that your bead is finished. Call it once, when all work is committed and pushed to your branch. ' +
      'The town verifies the branch; if something is missing you are told.',
    args: {
      branch: branch.describe('The branch that you were given and pushed to.'),
      summary: summary.describe('What you did and decided, in a few sentences.'),
    },
    execute: async (args, signal) => {
      const answer = await town({ method: 'POST', path: '/v1/agent/done', body: args, signal });
      return accepted(statementAccepted.safeParse(answer).data?.message);
    },
  });
}
