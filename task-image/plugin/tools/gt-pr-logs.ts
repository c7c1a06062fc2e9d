import { FENCE_WARNING, fence } from '../../../core/prompts/fence.ts';
import { logAnswer, logsQuery } from '../../../core/protocol/pull-request-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

export function gtPrLogs(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Reads the end of what a check of the pull request of your work has printed, at most 64 KiB.',
    args: { check_id: logsQuery.shape.checkId.describe('Id of the check, from gt_pr_checks.') },
    execute: async ({ check_id }, signal) => {
      const path = `/v1/agent/pull-request/logs?checkId=${encodeURIComponent(check_id)}`;
      const { text, isCut } = logAnswer.parse(await town({ method: 'GET', path, signal }));
      if (text.trim() === '') return 'The check has printed nothing.';
      return `${FENCE_WARNING}\n\n${fence(isCut ? 'The end of the log' : 'The log', text)}`;
    },
  });
}
