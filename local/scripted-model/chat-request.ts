import * as z from 'zod';
import type { Conversation, ConversationMessage } from './script.ts';

const content = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() })), z.null()])
  .optional()
  .transform((value) =>
    Array.isArray(value) ? value.map((part) => part.text ?? '').join('\n') : (value ?? ''),
  );

const toolCall = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content }),
  z.looseObject({ role: z.literal('user'), content }),
  z.looseObject({ role: z.literal('assistant'), content, tool_calls: z.array(toolCall).optional() }),
  z.looseObject({ role: z.literal('tool'), content, tool_call_id: z.string() }),
]);

/** The part of OpenAI's chat-completions request that is used here. */
export const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

export function toConversation(request: ChatRequest): Conversation {
  const system: string[] = [];
  const messages: ConversationMessage[] = [];
  let turn = 0;
  for (const item of request.messages) {
    switch (item.role) {
      case 'system':
      case 'developer':
        system.push(item.content);
        break;
      case 'user':
        messages.push({ role: 'user', text: item.content });
        break;
      case 'assistant':
        messages.push({ role: 'assistant', text: item.content, toolCalls: toolCalls(item.tool_calls ?? []) });
        break;
      case 'tool':
        turn += 1;
        addToolResult(messages, { id: item.tool_call_id, text: item.content });
        break;
    }
  }
  const tools = (request.tools ?? []).map((tool) => tool.function.name);
  return { system: system.join('\n'), messages, tools, turn };
}

function toolCalls(calls: z.infer<typeof toolCall>[]): { id: string; tool: string; args: unknown }[] {
  return calls.map((call) => ({
    id: call.id,
    tool: call.function.name,
    args: parseArguments(call.function.arguments),
  }));
}

function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Results of parallel calls come one by one; a script sees them together. */
function addToolResult(messages: ConversationMessage[], result: { id: string; text: string }): void {
  const last = messages.at(-1);
  if (last?.toolResults === undefined) messages.push({ role: 'user', text: '', toolResults: [result] });
  else messages[messages.length - 1] = { ...last, toolResults: [...last.toolResults, result] };
}
