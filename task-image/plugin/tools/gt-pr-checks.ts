import { FENCE_WARNING, fence } from '../../../core/prompts/fence.ts';
import { checksAnswer, type ChecksAnswer } from '../../../core/protocol/pull-request-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

export function gtPrChecks(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Shows what the checks (CI) say of the newest pushed commit of the pull request of your work, those that failed first.',
    args: {},
    execute: async (_args, signal) => {
      const answer = await town({ method: 'GET', path: '/v1/agent/pull-request/checks', signal });
      const { number, items, isWhole } = checksAnswer.parse(answer);
      if (items.length === 0) return `Nothing checks pull request ${number}.`;
      const lines = [...items.map(told), ...(isWhole ? [] : ['There are more checks than these.'])];
      return `${FENCE_WARNING}\n\n${fence(`Checks of pull request ${number}`, lines.join('\n'))}`;
    },
  });
}

function told({ id, name, state, word, summary, url }: ChecksAnswer['items'][number]): string {
  const log = id === undefined ? (url ?? 'no log') : `log: gt_pr_logs with check_id ${id}`;
  return `${state} (${word}) ${name}${summary === undefined ? '' : `: ${summary}`} (${log})`;
}
