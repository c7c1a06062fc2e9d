import { statementAccepted, verdictRequest } from '../../../core/protocol/agent-api.ts';
import { accepted } from '../accepted.ts';
import { defineTool } from '../kilo-plugin.ts';
import type { KiloTool } from '../kilo-plugin.ts';
import { TownCallError } from '../problem.ts';
import type { TownClient } from '../town-client.ts';

const { verdict, feedback } = verdictRequest.shape;

export function gtVerdict(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Gives your verdict on the merge request that you review. Call it once, when you have read the whole diff.',
    args: {
      verdict: verdict.describe(
        'approve: it may land as it is. request_changes: it goes back with your feedback.',
      ),
      feedback: feedback.describe(
        'Needed to request changes: each point with file, line, what is wrong, what would be right.',
      ),
    },
    execute: async (args, signal) => {
      if (args.verdict === 'request_changes' && (args.feedback ?? '').trim() === '') {
        throw new TownCallError('request_changes needs feedback: say what the author must do.');
      }
      const answer = await town({ method: 'POST', path: '/v1/agent/verdict', body: args, signal });
      return accepted(statementAccepted.safeParse(answer).data?.message);
    },
  });
}
