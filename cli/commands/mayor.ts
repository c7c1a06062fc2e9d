import { defineCommand } from '../command.ts';
import { shortId } from '../render/id.ts';
import { chat } from '../mayor/chat.ts';
import { awaitReply } from '../mayor/reply.ts';
import { timeoutSeconds } from '../options/timeout.ts';
import { readInput } from '../read-text.ts';
import { UsageError } from '../usage-error.ts';

export const mayorCommand = defineCommand({
  usage: 'mayor [message]',
  summary: 'Talk to the mayor, who turns what you want into beads and convoys',
  positionals: {
    message: { type: 'string', describe: 'Without one: a chat on a terminal, else what is piped in' },
  },
  options: {
    wait: { type: 'boolean', default: true, describe: '--no-wait: do not wait for the reply' },
    timeout: timeoutSeconds(300),
  },
  examples: [
    ['$0 mayor "Compute the total of a cart, and then show it."', 'Prints the reply'],
    ['$0 mayor', 'A chat; Ctrl-D ends it'],
    ['$0 mayor --no-wait < wishes.md', 'The reply can be read later, in the chat'],
  ],
  run: async ({ message, wait, timeout }, context) => {
    const { terminal, api } = context;
    const { id: townId } = await context.town();
    if (message === undefined && terminal.input.isTTY === true) {
      if (context.isJson) throw new UsageError('Say a message: a chat has no --json.');
      return chat(context, townId, timeout * 1000);
    }
    const text = message ?? (await readInput(context));
    const taken = await api.writeToMayor({ townId }, { message: text });
    if (!wait) {
      return { json: taken, text: () => `The mayor gets it (message ${shortId(taken.messageId)}).` };
    }
    const replies = await awaitReply(context, townId, taken.messageId, timeout * 1000);
    return {
      json: { ...taken, replies },
      text: () => replies.map((reply) => reply.text).join('\n\n'),
    };
  },
});
