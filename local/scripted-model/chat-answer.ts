import type { ScriptStep } from './script.ts';

export type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number };

/** About four characters a token: an estimate, but one that grows with the text. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

export function countUsage(requestText: string, step: ScriptStep): Usage {
  const prompt_tokens = estimateTokens(requestText);
  const completion_tokens = estimateTokens(JSON.stringify(step));
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

export type AnswerOptions = {
  id: string;
  model: string;
  createdSeconds: number;
  step: ScriptStep;
  usage: Usage;
};

/** The answer in one piece. */
export function wholeAnswer({ id, model, createdSeconds, step, usage }: AnswerOptions): object {
  const toolCalls =
    'call' in step ? [{ id: `call_${id}`, type: 'function', function: callFunction(step.call) }] : undefined;
  const message = {
    role: 'assistant',
    content: step.say ?? null,
    ...(toolCalls ? { tool_calls: toolCalls } : {}),
  };
  return {
    id,
    object: 'chat.completion',
    created: createdSeconds,
    model,
    choices: [{ index: 0, message, finish_reason: finishReason(step) }],
    usage,
  };
}

/** Longest piece of text or arguments in one chunk, in characters. */
const PIECE_LENGTH = 256;

/** The answer as server-sent events, in pieces like a model's. */
export function* streamedAnswer({
  id,
  model,
  createdSeconds,
  step,
  usage,
}: AnswerOptions): Generator<string> {
  const chunk = (delta: object, finish_reason: string | null = null, extra: object = {}): string => {
    const choices = [{ index: 0, delta, finish_reason }];
    const data = { id, object: 'chat.completion.chunk', created: createdSeconds, model, choices, ...extra };
    return `data: ${JSON.stringify(data)}\n\n`;
  };
  yield chunk({ role: 'assistant', content: '' });
  for (const piece of pieces(step.say ?? '')) yield chunk({ content: piece });
  if ('call' in step) {
    const { name, arguments: args } = callFunction(step.call);
    yield chunk({
      tool_calls: [{ index: 0, id: `call_${id}`, type: 'function', function: { name, arguments: '' } }],
    });
    for (const piece of pieces(args))
      yield chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
  }
  yield chunk({}, finishReason(step), { usage });
  yield 'data: [DONE]\n\n';
}

function callFunction(call: { tool: string; args: object }): { name: string; arguments: string } {
  return { name: call.tool, arguments: JSON.stringify(call.args) };
}

function finishReason(step: ScriptStep): 'tool_calls' | 'stop' {
  return 'call' in step ? 'tool_calls' : 'stop';
}

function* pieces(text: string): Generator<string> {
  for (let start = 0; start < text.length; start += PIECE_LENGTH)
    yield text.slice(start, start + PIECE_LENGTH);
}
