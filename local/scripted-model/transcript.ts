import type { Conversation } from './script.ts';

export type DoneCall = { tool: string; args: unknown; result: string };

/** Every tool call that has its result, in order. */
export function doneCalls({ messages }: Conversation): DoneCall[] {
  const results = new Map(
    messages.flatMap((message) => (message.toolResults ?? []).map((r) => [r.id, r.text])),
  );
  return messages.flatMap((message) =>
    (message.toolCalls ?? []).flatMap(({ id, tool, args }) => {
      const result = results.get(id);
      return result === undefined ? [] : [{ tool, args, result }];
    }),
  );
}

/** What was said to the agent: first its task, then messages. */
export function saidToAgent({ messages }: Conversation): string[] {
  return messages.flatMap(({ role, text, toolResults }) =>
    role === 'user' && toolResults === undefined ? [withoutSurroundings(text)] : [],
  );
}

/** The agent server adds time and working directory to what is said last. */
const withoutSurroundings = (text: string): string =>
  text.replaceAll(/\s*<environment_details>[^]*?<\/environment_details>/g, '');

/** The text in the fence that `label` introduces (see core/prompts/fence.ts). */
export function fencedText(prompt: string, label: string): string | undefined {
  const start = prompt.indexOf(`${label}:\n`);
  if (start === -1) return undefined;
  const [, ...lines] = prompt.slice(start + label.length + 2).split('\n');
  const end = lines.findIndex((line) => line.endsWith('-END'));
  return lines.slice(0, end === -1 ? lines.length : end).join('\n');
}
