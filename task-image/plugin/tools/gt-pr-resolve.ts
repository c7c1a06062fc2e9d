import { pullRequestDone, resolveThreadRequest } from '../../../core/protocol/pull-request-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { threadId } = resolveThreadRequest.shape;

export function gtPrResolve(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Marks a review thread of the pull request of your work as resolved. Only after what it asks for is pushed and you have answered in it.',
    args: { thread_id: threadId.describe('Id of the thread, from gt_pr_threads.') },
    execute: async ({ thread_id }, signal) => {
      const body = { threadId: thread_id };
      const answer = await town({ method: 'POST', path: '/v1/agent/pull-request/resolve', body, signal });
      return pullRequestDone.parse(answer).message;
    },
  });
}
