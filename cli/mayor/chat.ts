import type { Context } from '../context.ts';
import { describeFailure } from '../failure.ts';
import { openLines } from '../read-lines.ts';
import { paint } from '../render/style.ts';
import { awaitReply } from './reply.ts';

const SHOWN_MESSAGES = 6;

/** A conversation on a terminal, until Ctrl-D; what fails is said, and the conversation goes on. */
export async function chat(context: Context, townId: string, limitMs: number): Promise<undefined> {
  const { terminal, api, signal } = context;
  const style = terminal.style();
  const say = (who: string, text: string): void => terminal.out(`${paint(style, 'bold', who)}  ${text}\n`);
  await api.ensureMayor({ townId });
  const { items } = await api.getMayor({ townId, limit: SHOWN_MESSAGES });
  for (const { from, text } of items) say(from === 'mayor' ? 'mayor' : 'you', text);
  const lines = openLines(context, `${paint(style, 'bold', 'you')}  `, process.stdout);
  lines.prompt();
  for await (const message of lines) {
    if (message.trim() !== '') {
      try {
        const { messageId } = await api.writeToMayor({ townId }, { message });
        for (const { text } of await awaitReply(context, townId, messageId, limitMs)) say('mayor', text);
      } catch (error) {
        signal.throwIfAborted();
        terminal.error(`${describeFailure(error).lines.join('\n')}\n`);
      }
    }
    lines.prompt();
  }
  signal.throwIfAborted();
  terminal.out('\n');
  return undefined;
}
