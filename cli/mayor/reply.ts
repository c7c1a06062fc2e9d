import type { ChatMessage } from '../client/api.generated.ts';
import type { Context } from '../context.ts';
import { CommandFailed } from '../command-failed.ts';
import { poll } from '../poll.ts';

const POLL_MS = 700;
/** A reply comes right after its message: the end of the chat has both. */
const LAST_MESSAGES = 100;

/**
 * What the mayor said on a message, when it has finished with it.
 * @throws CommandFailed when there is no reply in time; it may still come
 */
export async function awaitReply(
  { api, signal, terminal }: Pick<Context, 'api' | 'signal' | 'terminal'>,
  townId: string,
  messageId: string,
  limitMs: number,
): Promise<readonly ChatMessage[]> {
  let told: string | null = null;
  const replies = await poll(
    async () => {
      const { items, session } = await api.getMayor({ townId, limit: LAST_MESSAGES });
      const problem = session?.problem ?? null;
      if (problem !== null && problem !== told) {
        terminal.error(`The mayor's last session broke: ${problem}\n`);
        told = problem;
      }
      const at = items.findIndex(({ id }) => id === messageId);
      const message = items[at];
      if (message === undefined || message.unanswered) return undefined;
      return items.slice(at + 1).filter(({ from }) => from === 'mayor');
    },
    { everyMs: POLL_MS, limitMs, signal },
  );
  if (replies !== undefined) return replies;
  throw new CommandFailed(
    `The mayor has not answered within ${Math.round(limitMs / 1000)} s. It may still: gastown mayor shows the chat, gastown doctor what is wrong.`,
  );
}
