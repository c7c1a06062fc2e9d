import { crc32 } from 'node:zlib';

/** What a recorder says to every prompt. */
export const SAID = 'Understood.';
export const USAGE = { inputTokens: 120, outputTokens: 7 };

const sse = (events: readonly { type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** A turn in which the model says one thing, as `POST /v1/messages` with `stream` answers. */
export function anthropicStream(model: string): string {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: USAGE.inputTokens, output_tokens: 1 },
  };
  return sse([
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: SAID } },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: USAGE.outputTokens },
    },
    { type: 'message_stop' },
  ] as { type: string }[]);
}

/** The same, as `POST /v1/responses` of OpenAI. */
export function openAiResponsesStream(model: string): string {
  const text = { type: 'output_text', text: SAID, annotations: [] };
  const item = { id: 'item_1', type: 'message', role: 'assistant' };
  const done = { ...item, status: 'completed', content: [text] };
  const response = { id: 'resp_1', object: 'response', created_at: 1_700_000_000, model };
  const at = { item_id: 'item_1', output_index: 0, content_index: 0 };
  const usage = {
    input_tokens: USAGE.inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: USAGE.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: USAGE.inputTokens + USAGE.outputTokens,
  };
  const events = [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...item, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...at, part: { ...text, text: '' } },
    { type: 'response.output_text.delta', ...at, delta: SAID, logprobs: [] },
    { type: 'response.output_text.done', ...at, text: SAID, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: text },
    { type: 'response.output_item.done', output_index: 0, item: done },
    { type: 'response.completed', response: { ...response, status: 'completed', output: [done], usage } },
  ];
  return sse(events.map((event, index) => ({ ...event, sequence_number: index })));
}

/** The same, as Bedrock's ConverseStream: binary frames of `application/vnd.amazon.eventstream`. */
export function bedrockStream(): Buffer {
  const { inputTokens, outputTokens } = USAGE;
  return Buffer.concat([
    frame('messageStart', { role: 'assistant' }),
    frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: SAID } }),
    frame('contentBlockStop', { contentBlockIndex: 0 }),
    frame('messageStop', { stopReason: 'end_turn' }),
    frame('metadata', {
      usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      metrics: { latencyMs: 1 },
    }),
  ]);
}

/** Total length, length of the headers, checksum of both; headers; payload; checksum of all. */
function frame(eventType: string, payload: object): Buffer {
  const headers = Buffer.concat([
    header(':event-type', eventType),
    header(':content-type', 'application/json'),
    header(':message-type', 'event'),
  ]);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(12 + headers.length + body.length + 4, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const message = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([message, checksum(message)]);
}

/** A header whose value is a string (type 7). */
function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([7]),
    length,
    Buffer.from(value),
  ]);
}

function checksum(data: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  return sum;
}
