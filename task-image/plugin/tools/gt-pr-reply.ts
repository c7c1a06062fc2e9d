import { pullRequestDone, replyRequest } from '../../../core/protocol/pull-request-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

const { threadId, body } = replyRequest.shape;

export function gtPrReply(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Answers in a review thread of the pull request of your work, for everybody to read: what you changed, or why not.',
    args: {
      thread_id: threadId.describe('Id of the thread, from gt_pr_threads.'),
      message: body.describe('A few sentences, as Markdown. Name the commit that changes it.'),
    },
    execute: async ({ thread_id, message }, signal) => {
      const request = { threadId: thread_id, body: message };
      const answer = await town({
        method: 'POST',
        path: '/v1/agent/pull-request/reply',
        body: request,
        signal,
      });
      return pullRequestDone.parse(answer).message;
    },
  });
}
