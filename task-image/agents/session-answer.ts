import * as z from 'zod';

const said = z.looseObject({
  info: z.looseObject({ role: z.literal('assistant'), time: z.looseObject({ created: z.number() }) }),
  parts: z.array(z.unknown()),
});
const textPart = z.looseObject({
  type: z.literal('text'),
  text: z.string(),
  synthetic: z.literal(false).optional(),
});

/**
 * The words that the agent ended with, of what it has said since `sinceMs` (Unix time): the text of its last message that has
 * any. Empty: it only called tools.
 */
export function readAnswer(messages: unknown, sinceMs: number): string {
  const answers = z.array(z.unknown()).safeParse(messages).data ?? [];
  for (const message of answers.toReversed()) {
    const { data } = said.safeParse(message);
    if (data === undefined || data.info.time.created < sinceMs) continue;
    const text = data.parts
      .flatMap((part) => textPart.safeParse(part).data?.text ?? [])
      .join('')
      .trim();
    if (text !== '') return text;
  }
  return '';
}
