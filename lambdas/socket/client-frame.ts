import * as z from 'zod';
import type { Frame } from '../adapters/socket/post-frame.ts';
import type { StreamGrant } from '../adapters/dynamodb/tickets.ts';

const clientFrame = z.object({ topic: z.string().optional(), type: z.string() });

/** What a browser is answered to what it sent: a socket is for listening, and the one thing to say on it is `ping`. */
export function answerTo({ topic }: Pick<StreamGrant, 'topic'>, text: string | undefined): Frame {
  const refused = (code: string, message: string): Frame => ({
    topic,
    type: 'error',
    data: { code, message },
  });
  const parsed = clientFrame.safeParse(parseJson(text ?? ''));
  if (!parsed.success) return refused('invalid_input', 'A frame is JSON: {"topic", "type", "data"}.');
  const { type, topic: about = topic } = parsed.data;
  if (about !== topic) return refused('invalid_input', `This connection is for the topic ${topic} only.`);
  if (type === 'ping') return { topic, type: 'pong', data: {} };
  if (topic === 'terminal') {
    return refused('not_supported', 'Terminals are not served yet. Read what the agent does in its events.');
  }
  return refused('not_supported', 'Only `ping` is taken here. Use the HTTP API to change something.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
