import { FENCE_WARNING, fence } from '../../../core/prompts/fence.ts';
import { threadsAnswer, type ThreadsAnswer } from '../../../core/protocol/pull-request-api.ts';
import { defineTool, type KiloTool } from '../kilo-plugin.ts';
import type { TownClient } from '../town-client.ts';

export function gtPrThreads(town: TownClient): KiloTool {
  return defineTool({
    description:
      'Reads the review threads of the pull request of your work: what reviewers ask, where, and what was answered.',
    args: {},
    execute: async (_args, signal) => {
      const answer = await town({ method: 'GET', path: '/v1/agent/pull-request/threads', signal });
      const { number, items, isWhole } = threadsAnswer.parse(answer);
      if (items.length === 0) return `Pull request ${number} has no review threads.`;
      const rest = isWhole ? [] : ['There are more threads than these.'];
      return [FENCE_WARNING, ...items.map(told), ...rest].join('\n\n');
    },
  });
}

function told({ id, path, line, isResolved, isOutdated, comments }: ThreadsAnswer['items'][number]): string {
  const place = path === undefined ? 'the whole' : line === undefined ? path : `${path}:${line}`;
  const state = [isResolved ? 'resolved' : 'open', ...(isOutdated ? ['outdated'] : [])].join(', ');
  const said = comments.map(
    ({ author, isBot, at, body }) => `${author}${isBot ? ' (a program)' : ''} at ${at}:\n${body}`,
  );
  // Names of files are written by whoever opened the pull request.
  return `Thread ${id} (${state})\n${fence('Where, and what was said', [place, ...said].join('\n\n'))}`;
}
